package io.provision.cli.drill;

import io.provision.cli.option.Choice;
import io.provision.cli.option.RunOptions;
import io.provision.cli.option.Suggestion;
import io.provision.cli.run.Context;
import io.provision.cli.run.ExitCode;
import io.provision.cli.run.Inputs;
import io.provision.cli.run.Refused;
import io.provision.console.Problem;
import io.provision.desk.DeskException;
import io.provision.desk.PowerSwitch;
import io.provision.engine.event.Report;
import io.provision.engine.event.TargetName;
import io.provision.model.Host;
import io.provision.model.Inventory;
import io.provision.model.power.Power;
import io.provision.ssh.HostKeys;
import io.provision.step.Observed;
import io.provision.steps.Catalog;
import io.provision.steps.kubernetes.rotation.CordonedByUs;
import io.provision.steps.kubernetes.rotation.NodeOutage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The drill: the power of one node is cut, and what is away by that is written down. All that can
 * be refused is, before anything stops. One that an earlier run has left without power is given it
 * again, and taken back into use.
 *
 * @param most how long it is without power
 * @param agreed whether nobody is asked before
 */
public record OutageDrill(RunOptions run, String name, Duration most, boolean agreed) {
  private static final String OPTION = "--kill";

  /** A machine may test its memory first. */
  private static final Duration COMING = Duration.ofMinutes(15);

  /** Five minutes until pods of a node that is gone are evicted, and what they take to come up. */
  public static final Duration USUAL = Duration.ofMinutes(8);

  /** How it ended. */
  public Report run(Context context, Inputs.Read read) throws Refused {
    var inventory = read.inventory();
    var node = node(inventory);
    var declared =
        Power.of(node)
            .orElseThrow(() ->
                new Refused(
                    OPTION,
                    "%s has no 'power' in the inventory, by which it could be given again. see 'power' in the README"
                        .formatted(node)));
    if (!run.choice().limit().isEmpty()) {
      throw new Refused("--limit", "the other nodes have to be there, and are asked");
    }
    try {
      var power = context.program().power(inventory, declared);
      return switch (power.state()) {
        case ON -> killed(context, read, node, power);
        case OFF -> leftOff(context, read, node, power);
        case BETWEEN ->
            throw unsafe("its power is neither on nor off: nothing was cut. see what it does");
      };
    } catch (DeskException e) {
      throw unsafe(
          "its power could not be asked, and nothing was cut: %s. %s"
              .formatted(e.what(), e.remedy()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Refused(List.of(), ExitCode.INTERRUPTED);
    }
  }

  private Refused unsafe(String what) {
    return new Refused(List.of(Problem.error(name, what)), ExitCode.UNSAFE);
  }

  private Host node(Inventory inventory) throws Refused {
    var nodes = inventory.nodes();
    if (nodes.size() < 2) {
      throw new Refused(
          OPTION,
          nodes.isEmpty()
              ? "the inventory describes no Kubernetes, whose failover could be looked at"
              : "there is one node, and nobody would take its pods over");
    }
    var names = nodes.stream().map(it -> it.name().value()).toList();
    return nodes.stream()
        .filter(it -> it.name().value().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new Refused(
                OPTION,
                "there is no node '%s' in the inventory%s"
                    .formatted(name, Suggestion.of(name, names))));
  }

  private Report killed(Context context, Inputs.Read read, Host node, PowerSwitch power)
      throws Refused {
    ask(context);
    var drill = new PowerDrill(name, power, most);
    var step = Catalog.outage(Optional.of(drill), PowerDrill.longest(most));
    var report = applied(context, read, node, step, Duration.ZERO);
    OutageTable.of(name, drill)
        .ifPresent(table -> {
          context.display().table("workloads that had pods on " + name, table.workloads());
          if (!table.volumes().rows().isEmpty()) {
            context.display().table("volumes", table.volumes());
          }
          table.says().forEach(context.display()::say);
          if (ExitCode.of(report) != ExitCode.DONE) {
            context
                .display()
                .say(
                    "%s is not back in use. Fix what is said above; the same command takes it back."
                        .formatted(name));
          }
        });
    return report;
  }

  private void ask(Context context) throws Refused {
    if (agreed) {
      return;
    }
    var operator = context.conversation().operator();
    if (!operator.present()) {
      throw new Refused(
          OPTION,
          "nobody can be asked to confirm it: standard input and output must be a terminal. In scripts add --yes");
    }
    var lines =
        List.of(
            "The power of %s is to be cut under all that runs on it.".formatted(name),
            "  What is in its memory and not on its disks is lost, as when its plug is pulled.");
    if (operator
        .answer(lines, "Type '%s' to cut it, or nothing to change nothing".formatted(name))
        .filter(name::equals)
        .isEmpty()) {
      throw new Refused(OPTION, "it was not agreed to: nothing was changed");
    }
  }

  /** By a run that was killed, or by somebody who has his reasons: the cluster tells. */
  private Report leftOff(Context context, Inputs.Read read, Host node, PowerSwitch power)
      throws Refused, DeskException, InterruptedException {
    var others = run.read(context, inventory -> inventory.withoutAnyOf(node));
    var look = Catalog.cordonedByUs(name);
    var choice = new Choice(List.of(), List.of(CordonedByUs.NAME), List.of(), List.of());
    var playbook = new DrillPlays(others.playbook()).looking(CordonedByUs.NAME, look);
    var request = run.request(choice, others.inventory(), playbook, context);
    var seen =
        Optional.ofNullable(
                context.program().plan(request.quietly()).seen().get(TargetName.CLUSTER))
            .map(Observed::values)
            .map(it -> it.get(look.seen()));
    if (seen.isEmpty()) {
      throw unsafe(
          "it is off, and the cluster's API could not be asked whether by us. switch it on yourself; the same command takes it back into use");
    }
    if (!Boolean.TRUE.equals(seen.get())) {
      throw unsafe(
          "it is off, and not by us: nobody knows why. switch it on yourself where that is right");
    }
    context
        .display()
        .say(name + ": an earlier run has left it without power; it is given it again");
    power.on();
    return applied(context, read, node, Catalog.outage(Optional.empty(), Duration.ZERO), COMING);
  }

  private Report applied(
      Context context,
      Inputs.Read read,
      Host node,
      io.provision.step.Step<io.provision.step.Target.OnHost> step,
      Duration coming)
      throws Refused {
    var choice = new Choice(List.of(), List.of(NodeOutage.NAME), List.of(), List.of());
    var playbook = new DrillPlays(read.playbook()).outage(read.inventory().nodes(), node, step);
    var request = run.request(choice, read.inventory(), playbook, context).trusting(new HostKeys());
    return context
        .program()
        .apply(coming.isZero() ? request : request.awaiting(coming), Optional.empty())
        .report();
  }
}
