package io.provision.steps.os;

import io.provision.step.Check;
import io.provision.step.Observed;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which releases of a system are served. A derivative counts in its own way, and what is not
 * released yet has no number: neither is compared.
 *
 * @param id of os-release(5)
 * @param oldest that is served: older ones have no security updates any more, and neither a systemd
 *     nor a containerd that a Kubernetes of today is made for
 * @param tried whose like the tests of this program run on; empty where nobody keeps count
 * @param upgrade what to go to
 */
record Release(String id, String name, String oldest, Set<String> tried, String upgrade) {
  private static final Release DEBIAN =
      new Release("debian", "Debian", "11", Set.of("12", "13"), "Debian 12 or 13");
  private static final Release UBUNTU =
      new Release("ubuntu", "Ubuntu", "22.04", Set.of(), "Ubuntu 22.04 or later");

  Release {
    tried = Set.copyOf(tried);
  }

  /** Why it is not served; else a note where nobody tried it. */
  static Check check(String id, String version, String prettyName) {
    return Stream.of(DEBIAN, UBUNTU)
        .filter(it -> it.id.equals(id))
        .findFirst()
        .flatMap(it -> number(version).map(number -> it.check(version, number, prettyName)))
        .orElseGet(Check.InSync::new);
  }

  private Check check(String version, BigDecimal number, String prettyName) {
    var runs = prettyName.isEmpty() ? name + " " + version : prettyName;
    if (number.compareTo(new BigDecimal(oldest)) < 0) {
      return new Check.Refused(
          "it runs %s, and nothing before %s %s is served".formatted(runs, name, oldest),
          "upgrade it to %s, or leave this host out of the inventory".formatted(upgrade));
    }
    return tried.isEmpty() || tried.contains(version)
        ? new Check.InSync()
        : new Check.InSync(
            Observed.noting(
                "it runs %s, on which nobody tried this program: %s is where it is tested"
                    .formatted(runs, upgrade)));
  }

  /** Of a year and a month as well, for a month always has two digits. */
  private static Optional<BigDecimal> number(String version) {
    return version.matches("[0-9]{1,4}([.][0-9]{1,2})?")
        ? Optional.of(new BigDecimal(version))
        : Optional.empty();
  }
}
