package io.provision.cli.drill;

import io.provision.cli.option.Choice;
import io.provision.cli.option.RunOptions;
import io.provision.cli.run.Context;
import io.provision.cli.run.ExitCode;
import io.provision.cli.run.Inputs;
import io.provision.cli.run.Refused;
import io.provision.console.Problem;
import io.provision.engine.event.TargetName;
import io.provision.model.Host;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.steps.Catalog;
import io.provision.steps.kubernetes.rotation.CutByUs;
import io.provision.steps.rotation.CutNoted;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whose doing it is that a host has no power: of a node the cluster tells, of another host the
 * other hosts do.
 */
record LeftWithoutPower(RunOptions run, Host host) {

  /**
   * That it was a drill of ours, in words.
   *
   * @throws Refused where it was somebody else, or nobody could be asked
   */
  String by(Context context, boolean isNode) throws Refused {
    var others = run.read(context, inventory -> inventory.withoutAnyOf(host));
    return isNode ? ofCluster(context, others) : ofHosts(context, others);
  }

  private String ofCluster(Context context, Inputs.Read others) throws Refused {
    var look = Catalog.cutByUs(host.toString());
    var playbook = new DrillPlays(others.playbook()).looking(CutByUs.NAME, look);
    var request = run.request(only(CutByUs.NAME), others.inventory(), playbook, context);
    var seen =
        seen(context.program().plan(request.quietly()).seen(), TargetName.CLUSTER, look.seen());
    if (seen.isEmpty()) {
      throw unsafe(
          "it is off, and the cluster's API could not be asked whether by us. switch it on"
              + " yourself; the same command takes it back into use");
    }
    if (!seen.get()) {
      throw foreign();
    }
    return "a drill that did not end has left it so";
  }

  private String ofHosts(Context context, Inputs.Read others) throws Refused {
    var hosts = others.inventory().hosts();
    var playbook =
        new DrillPlays(others.playbook()).asking(hosts, CutNoted.NAME, Catalog.cutNoted(host));
    var request = run.request(only(CutNoted.NAME), others.inventory(), playbook, context);
    var all = context.program().plan(request.quietly()).seen();
    var notes =
        hosts.stream()
            .flatMap(it -> seen(all, TargetName.of(it.name()), Catalog.cutNote()).stream())
            .toList();
    if (notes.isEmpty()) {
      throw unsafe(
          "it is off, and no other host could be asked whether by us. switch it on yourself; the"
              + " same command takes it back into use");
    }
    return notes.stream().filter(it -> !it.isEmpty()).findFirst().orElseThrow(this::foreign);
  }

  private static Choice only(String step) {
    return new Choice(List.of(), List.of(step), List.of(), List.of());
  }

  private static <V> Optional<V> seen(
      Map<TargetName, Observed> seen, TargetName target, Output<V> output) {
    return Optional.ofNullable(seen.get(target))
        .map(it -> it.values().get(output))
        .map(output.type()::cast);
  }

  private Refused foreign() {
    return unsafe(
        "it is off, and not by a drill of ours: nobody knows why. switch it on yourself where that"
            + " is right");
  }

  private Refused unsafe(String what) {
    return new Refused(List.of(Problem.error(host.toString(), what)), ExitCode.UNSAFE);
  }
}
