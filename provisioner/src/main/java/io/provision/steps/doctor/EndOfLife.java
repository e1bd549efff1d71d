package io.provision.steps.doctor;

import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.model.Version;
import io.provision.step.Observed;
import io.provision.step.doctor.Diagnosis;
import io.provision.step.doctor.Examined;
import io.provision.steps.os.HostFacts;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Until when whoever publishes a system or a Kubernetes mends what is found in it. Sources:
 * https://kubernetes.io/releases/, https://wiki.debian.org/LTS,
 * https://ubuntu.com/about/release-cycle; of 2026-11. What is not among them is not known.
 */
final class EndOfLife {
  private static final Duration SOON = Duration.ofDays(90);

  private static final Map<String, LocalDate> KUBERNETES =
      Map.of(
          "1.35", LocalDate.of(2027, 2, 28),
          "1.36", LocalDate.of(2027, 6, 28),
          "1.37", LocalDate.of(2027, 10, 28));

  /** By ID and VERSION_ID of os-release(5); Debian's until the end of its long-term support. */
  private static final Map<String, LocalDate> SYSTEMS =
      Map.of(
          "debian 11", LocalDate.of(2026, 8, 31),
          "debian 12", LocalDate.of(2028, 6, 30),
          "debian 13", LocalDate.of(2030, 6, 30),
          "ubuntu 22.04", LocalDate.of(2027, 4, 30),
          "ubuntu 24.04", LocalDate.of(2029, 4, 30),
          "ubuntu 26.04", LocalDate.of(2031, 4, 30));

  private EndOfLife() {}

  static List<Examined> of(Inventory inventory, Map<HostName, Observed> seen, Instant now) {
    var today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    var all = new ArrayList<Examined>();
    new TreeMap<>(seen)
        .forEach((host, own) ->
            system(own)
                .ifPresent(system ->
                    all.add(
                        new Examined(
                            host.value(),
                            "end of life",
                            ends(
                                    "runs " + system,
                                    SYSTEMS.get(system.id() + " " + system.version()),
                                    today,
                                    "upgrade it to a newer release")
                                .stream()
                                .toList()))));
    inventory
        .cluster()
        .flatMap(cluster -> cluster.version())
        .ifPresent(version ->
            all.add(
                new Examined(
                    "(cluster)",
                    "end of life",
                    ends(
                            "is of Kubernetes " + minor(version),
                            KUBERNETES.get(minor(version)),
                            today,
                            "set 'version' to one of the next minor, and apply")
                        .stream()
                        .toList())));
    return all;
  }

  private static String minor(Version version) {
    return version.major() + "." + version.minor();
  }

  private static Optional<HostFacts.System> system(Observed of) {
    return Optional.ofNullable(of.values().get(HostFacts.SYSTEM)).map(HostFacts.System.class::cast);
  }

  private static Optional<Diagnosis> ends(
      String what,
      @org.jspecify.annotations.Nullable LocalDate end,
      LocalDate today,
      String remedy) {
    if (end == null || today.plusDays(SOON.toDays()).isBefore(end)) {
      return Optional.empty();
    }
    return Optional.of(
        today.isAfter(end)
            ? Diagnosis.warning(
                "%s, which is no longer supported since %s".formatted(what, end), remedy)
            : Diagnosis.note("%s, which is supported until %s".formatted(what, end), remedy));
  }
}
