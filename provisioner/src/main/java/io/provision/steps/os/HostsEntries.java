package io.provision.steps.os;

import io.provision.model.NodeAddress;
import io.provision.resource.BlockOfLines;
import io.provision.resource.Piece;
import io.provision.step.Parameter;
import io.provision.step.Target;
import java.util.List;

/**
 * {@code hosts-entries}: further lines of /etc/hosts, each an address and its names, in a marked
 * block of their own. A host has one such block, so a playbook names them all at once.
 */
public record HostsEntries(
    @Parameter(
            value =
                "Lines, each an address and its names; they stand in a marked block of their own.",
            example = "[10.9.0.1 registry.home]")
        List<String> entries)
    implements PieceStep {
  public HostsEntries {
    entries = List.copyOf(entries);
    for (var entry : entries) {
      var words = entry.strip().split("\\s+");
      if (words.length < 2 || !entry.matches("[A-Za-z0-9.:%_ \\t-]+")) {
        throw new IllegalArgumentException(
            "'%s' is not a line of /etc/hosts: an address, then names".formatted(entry));
      }
      var unused = NodeAddress.parse(words[0]);
    }
  }

  @Override
  public Piece piece(Target.OnHost target) {
    return new BlockOfLines("/etc/hosts", "hosts-entries", entries);
  }
}
