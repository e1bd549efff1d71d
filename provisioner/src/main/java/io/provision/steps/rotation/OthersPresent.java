package io.provision.steps.rotation;

import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.remote.ShellFunction;
import io.provision.resource.Files;
import io.provision.step.Absence;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Repair;
import io.provision.step.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * At most one host is away, whichever run has it so. A host says on its own disk that it is out of
 * use before it asks all others whether one of them is: of two that do so at once, one at least
 * sees the other. The others keep in mind that it is away, for it cannot say so itself.
 *
 * <p>What nodes are to one another the cluster's API tells; a node asks hosts that are none.
 */
public record OthersPresent() implements Absence {

  @Override
  public List<Repair.AwaitHosts> beforeItGoes(Target.OnHost target, Duration patience) {
    var asked = new LinkedHashMap<Host, Probes>();
    asked(target)
        .forEach(host -> asked.put(host, Probes.of(Files.at(OutOfUse.MARKER), AwayNotes.QUESTION)));
    return asked.isEmpty()
        ? List.of()
        : List.of(
            new Repair.AwaitHosts(
                "all other hosts to be there and in use",
                patience,
                asked,
                OthersPresent::missing,
                "look at what is named: one that a killed run has left out of use is given back by"
                    + " 'provision rotate' for all hosts, one that never comes back leaves the"
                    + " inventory; then run the same command again"));
  }

  @Override
  public List<Repair> asItGoes(Target.OnHost target) {
    return told(target, AwayNotes.NOTE);
  }

  /** The same where its power is cut: who finds it without can tell that it was by us. */
  public List<Repair> asItIsCut(Target.OnHost target) {
    return told(target, AwayNotes.NOTE, AwayNotes.CUT);
  }

  @Override
  public List<Repair> onceItStays(Target.OnHost target) {
    return told(target, AwayNotes.END);
  }

  @Override
  public List<Repair.AwaitHosts> onceItIsBack(Target.OnHost target, Duration patience) {
    return List.of();
  }

  /** Where all are nodes, who is away stands in the cluster. */
  private static List<Repair> told(Target.OnHost target, ShellFunction function, String... more) {
    var others = target.inventory().hosts().stream().filter(it -> !it.equals(target.host()));
    return target.inventory().otherThanNodes().isEmpty()
        ? List.of()
        : List.of(
            new Repair.OnOthers(
                others.toList(),
                function,
                Stream.concat(Stream.of(AwayNotes.file(target.host().name())), Stream.of(more))
                    .toList()));
  }

  private static List<Host> asked(Target.OnHost target) {
    var inventory = target.inventory();
    var hosts =
        inventory.nodes().contains(target.host()) ? inventory.otherThanNodes() : inventory.hosts();
    return hosts.stream().filter(it -> !it.equals(target.host())).toList();
  }

  private static List<String> missing(
      Map<HostName, Observations> seen, Map<HostName, String> never) {
    var missing = new ArrayList<String>();
    seen.forEach((host, answers) -> {
      if (answers.of(Files.at(OutOfUse.MARKER)).exists()) {
        missing.add("%s is out of use for its reboot".formatted(host));
      }
    });
    never.forEach((host, why) ->
        missing.add(
            seen.values().stream()
                .map(it -> it.of(AwayNotes.QUESTION).get(host))
                .filter(Objects::nonNull)
                .findFirst()
                .map(note -> "%s was not reached: %s".formatted(host, note))
                .orElse("%s was not reached (%s)".formatted(host, why))));
    return missing;
  }
}
