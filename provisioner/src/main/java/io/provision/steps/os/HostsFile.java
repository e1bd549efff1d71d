package io.provision.steps.os;

import io.provision.model.Content;
import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.model.NodeAddress;
import io.provision.model.Role;
import io.provision.render.Template;
import io.provision.resource.BlockOfLines;
import io.provision.resource.CloudInit;
import io.provision.resource.NameAuthors;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Checks;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@code hosts-file}: every host of the inventory by its node address in a marked block of
 * /etc/hosts. A line of somebody else that gives one of them another address is refused by name,
 * for the first one wins; cloud-init is told to leave the file alone; who else writes it is noted.
 * The line of a peer that was not seen stays as it is, and is reported. Where there is GlusterFS,
 * the line of a host that has left the inventory stays too: the pool finds its bricks by that name
 * until it is out of it, and {@code gluster-names} takes the line away then.
 */
public record HostsFile() implements Step<Target.OnHost> {
  private static final Template LINES = Template.of("os/hosts.ftl");
  private static final BlockOfLines BLOCK = new BlockOfLines("/etc/hosts", "hosts", List.of());

  private record Entry(String address, List<String> names) {}

  private record Model(List<Entry> hosts) {}

  @Override
  public Set<Need> needs(Target.OnHost target) {
    return NodeAddressStep.needs(target.inventory().hosts());
  }

  @Override
  public Probes probes(Target.OnHost target) {
    return BLOCK.probes().and(CloudInit.leavesHosts().probes()).and(NameAuthors.ofHosts().probes());
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    var addresses = NodeAddressStep.all(target.inventory(), known);
    var clash = NodeAddressStep.clash(addresses);
    if (clash.isPresent()) {
      return clash.get();
    }
    var entries = new ArrayList<Entry>();
    var unseen = new ArrayList<HostName>();
    for (var host : target.inventory().hosts()) {
      if (!addresses.containsKey(host.name())) {
        unseen.add(host.name());
      }
      entry(host, addresses, BLOCK.present(seen)).ifPresent(entries::add);
    }
    var text = ((Content.Plain) LINES.render(new Model(entries))).text();
    var lines = new ArrayList<>(text.lines().toList());
    if (!target.inventory().with(Role.STORAGE).isEmpty()) {
      lines.addAll(strangers(target.inventory(), seen));
    }
    var check =
        Checks.together(
            new BlockOfLines("/etc/hosts", "hosts", lines).check(seen),
            CloudInit.leavesHosts().check(seen),
            NameAuthors.ofHosts().check(seen),
            OtherNames.of(seen).check(target.host(), addresses));
    return Checks.then(check, () -> all(unseen));
  }

  private static Check all(List<HostName> unseen) {
    return unseen.isEmpty()
        ? new Check.InSync()
        : new Check.Skipped(
            "the address of %s is not known: its line stays as it is"
                .formatted(String.join(", ", unseen.stream().map(HostName::value).toList())));
  }

  /** The lines of our block that are of no host of the inventory. */
  public static List<String> strangers(Inventory inventory, Observations seen) {
    return BLOCK.present(seen).stream()
        .filter(line -> !name(line).isEmpty())
        .filter(line ->
            inventory.hosts().stream().noneMatch(host -> host.name().value().equals(name(line))))
        .toList();
  }

  /** The block, without some of its lines. */
  public static Check without(Set<String> lines, Observations seen) {
    var left = BLOCK.present(seen).stream().filter(line -> !lines.contains(line)).toList();
    return new BlockOfLines("/etc/hosts", "hosts", left).check(seen);
  }

  /** What {@link #strangers} reads. */
  public static Probes block() {
    return BLOCK.probes();
  }

  /** The host that a line is about; empty where it is about none. */
  public static String name(String line) {
    var words = line.strip().split("\\s+");
    return words.length > 1 && !line.startsWith("#") ? words[1] : "";
  }

  private static Optional<Entry> entry(
      Host host, Map<HostName, NodeAddress> addresses, List<String> old) {
    var name = host.name().value();
    var names =
        name.contains(".") ? List.of(name, name.substring(0, name.indexOf('.'))) : List.of(name);
    var address = Optional.ofNullable(addresses.get(host.name())).map(Object::toString);
    return address
        .or(() ->
            old.stream()
                .map(line -> line.strip().split("\\s+"))
                .filter(words -> words.length > 1 && words[1].equals(name))
                .map(words -> words[0])
                .findFirst())
        .map(it -> new Entry(it, names));
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.CREATE, Change.Action.UPDATE);
  }
}
