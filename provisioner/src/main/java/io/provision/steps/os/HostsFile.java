package io.provision.steps.os;

import io.provision.model.Content;
import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.NodeAddress;
import io.provision.render.Template;
import io.provision.resource.BlockOfLines;
import io.provision.step.Change;
import io.provision.step.Check;
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
 * /etc/hosts. The line of a peer that was not seen stays as it is, and is reported.
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
    return BLOCK.probes();
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
    var check = new BlockOfLines("/etc/hosts", "hosts", text.lines().toList()).check(seen);
    return unseen.isEmpty() || !(check instanceof Check.InSync)
        ? check
        : new Check.Skipped(
            "the address of %s is not known: its line stays as it is"
                .formatted(String.join(", ", unseen.stream().map(HostName::value).toList())));
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
