package io.provision.steps.os;

import io.provision.model.Content;
import io.provision.model.NodeAddress;
import io.provision.resource.Files;
import io.provision.resource.ManagedFile;
import io.provision.resource.Piece;
import io.provision.resource.Pieces;
import io.provision.resource.Unit;
import io.provision.resource.packages.Packages;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Probes;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** The time services of Debian and Ubuntu, and how those that we configure are configured. */
final class TimeServices {
  static final String TIMESYNCD = "systemd-timesyncd.service";
  static final String CHRONY = "chrony.service";

  /** Each keeps the clock by itself; a host has one of them. */
  static final List<String> ALL =
      List.of(CHRONY, "ntpsec.service", "ntp.service", "openntpd.service", TIMESYNCD);

  private static final String HEAD = "# Written by provision, from 'time' of the inventory.\n";

  private TimeServices() {}

  /**
   * A service that reads a file of ours. What the file should hold may hang on the address of
   * another host, so it is asked for with its text, whatever that should be.
   */
  record Service(String name, ManagedFile file) implements Piece {
    private Piece piece() {
      var unit = Unit.running(name).reading(file);
      return Pieces.all(Packages.of(name), file, unit.dropIn(), unit);
    }

    @Override
    public Probes probes() {
      var unit = Unit.running(name).reading(file);
      return Packages.of(name)
          .probes()
          .and(unit.dropIn().probes())
          .and(unit.probes())
          .and(Probes.of(Files.text(file.path())));
    }

    @Override
    public Check check(Observations seen) {
      var read =
          new Observations.Builder()
              .put(Files.unlike(file.path(), file.sha256()), seen.of(Files.text(file.path())))
              .build();
      return piece().check(seen.updated(read));
    }
  }

  /** What a host gets that has no service, with the servers of its distribution. */
  static Piece usual() {
    return Pieces.all(Packages.of("systemd-timesyncd"), Unit.running(TIMESYNCD));
  }

  /** systemd-timesyncd that asks these servers. */
  static Piece timesyncd(List<String> servers) {
    return service(
        "systemd-timesyncd",
        "/etc/systemd/timesyncd.conf.d/50-provision.conf",
        "[Time]\nNTP=" + String.join(" ", servers) + "\n");
  }

  /** chronyd that asks these servers too; its own configuration reads that directory. */
  static Piece chrony(List<String> servers) {
    return chrony(
        servers.stream().map("server %s iburst\n"::formatted).collect(Collectors.joining()));
  }

  /** chronyd that gives the time to these, from its own clock where it reaches no server. */
  static Piece source(Collection<NodeAddress> others) {
    return chrony(
        "local stratum 10\n"
            + others.stream().map("allow %s\n"::formatted).collect(Collectors.joining()));
  }

  private static Piece chrony(String lines) {
    return service("chrony", "/etc/chrony/conf.d/50-provision.conf", lines);
  }

  private static Piece service(String name, String path, String lines) {
    return new Service(name, ManagedFile.of(path, Content.of(HEAD + lines)));
  }
}
