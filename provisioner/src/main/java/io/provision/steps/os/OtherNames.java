package io.provision.steps.os;

import io.provision.model.Content;
import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.NodeAddress;
import io.provision.resource.Files;
import io.provision.step.Check;
import io.provision.step.Observations;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What others have written into /etc/hosts, outside our block. The first line with a name wins, and
 * with {@code multi on} (host.conf(5), Debian's default) the addresses of all of them are given.
 */
record OtherNames(List<Line> lines) {
  OtherNames {
    lines = List.copyOf(lines);
  }

  /**
   * @param number counted from 1
   * @param names in lower case
   */
  record Line(int number, NodeAddress address, List<String> names) {
    Line {
      names = List.copyOf(names);
    }
  }

  static OtherNames of(Observations seen) {
    return of(seen.of(Files.text("/etc/hosts")).text().map(Content.Plain::text).orElse(""));
  }

  static OtherNames of(String text) {
    var lines = new ArrayList<Line>();
    var number = 0;
    var ours = false;
    for (var line : text.split("\n")) {
      number++;
      if (line.strip().equals("# BEGIN provision hosts")) {
        ours = true;
      } else if (line.strip().equals("# END provision hosts")) {
        ours = false;
      } else if (!ours) {
        line(number, line).ifPresent(lines::add);
      }
    }
    return new OtherNames(lines);
  }

  private static Optional<Line> line(int number, String text) {
    var words = text.replaceFirst("#.*", "").strip().toLowerCase(Locale.ROOT).split("\\s+");
    if (words.length < 2) {
      return Optional.empty();
    }
    try {
      var names = List.of(words).subList(1, words.length);
      return Optional.of(new Line(number, NodeAddress.parse(words[0]), names));
    } catch (IllegalArgumentException _) {
      return Optional.empty(); // an address with a zone, or nothing that a resolver takes
    }
  }

  /** A host may call itself by a loopback address, as Debian's installer has it. */
  Check check(Host self, Map<HostName, NodeAddress> addresses) {
    var wrong = new ArrayList<String>();
    new TreeMap<>(addresses)
        .forEach((host, address) -> {
          for (var line : lines) {
            var isOwn = host.equals(self.name()) && line.address().inet().isLoopbackAddress();
            if (line.names().contains(host.value())
                && line.address().isIpv6() == address.isIpv6()
                && !line.address().equals(address)
                && !isOwn) {
              wrong.add(
                  "line %d says that %s is %s, and its address is %s"
                      .formatted(line.number(), host, line.address(), address));
            }
          }
        });
    return wrong.isEmpty()
        ? new Check.InSync()
        : new Check.Refused(
            "/etc/hosts has other addresses: " + String.join("; ", wrong),
            "take the name out of that line, or correct the inventory, then run again");
  }
}
