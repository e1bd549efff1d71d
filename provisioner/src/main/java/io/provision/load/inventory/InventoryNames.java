package io.provision.load.inventory;

import io.provision.load.inventory.Draft.Written;
import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.model.SshAddress;
import io.provision.model.SshSettings;
import io.provision.section.Node.Mapping;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which hosts and groups there are in an inventory that is wrong elsewhere: enough to hold the
 * plays of its playbook against it, and nothing to run them on.
 */
record InventoryNames(Draft draft, Path file) {
  private static final SshAddress NOWHERE = new SshAddress("unknown.invalid");

  /** Empty where a name is wrong, so that nobody is told that what is written is not there. */
  Optional<Inventory> inventory() {
    var groups = draft.document().groups().orElse(Map.of());
    if (written("hosts") != draft.byName().size() || written("groups") != groups.size()) {
      return Optional.empty();
    }
    var named = new LinkedHashMap<String, List<HostName>>();
    groups.forEach((name, hosts) -> named.put(name.value(), hosts));
    var leaving = new HashSet<>(draft.byName().keySet());
    draft.staying().forEach(host -> leaving.remove(host.name()));
    return Optional.of(
        new Inventory(
                Optional.empty(),
                draft.hosts().stream().map(this::host).toList(),
                named,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                file)
            .without(leaving));
  }

  private int written(String key) {
    return draft.document().source().find(key).orElse(null) instanceof Mapping mapping
        ? mapping.entries().size()
        : 0;
  }

  private Host host(Written host) {
    return new Host(
        host.name(),
        NOWHERE,
        Optional.empty(),
        draft.roles(host.document()),
        Map.of(),
        List.of(),
        SshSettings.DEFAULTS,
        Map.of(),
        host.position());
  }
}
