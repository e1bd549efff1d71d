package io.provision.steps.os.clock;

import io.provision.model.Content;
import io.provision.model.NodeAddress;
import io.provision.render.Template;
import io.provision.resource.Files;
import io.provision.resource.ManagedFile;
import io.provision.resource.Piece;
import io.provision.resource.Pieces;
import io.provision.resource.packages.Packages;
import io.provision.resource.unit.Unit;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Probes;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** The time services of Debian and Ubuntu, and how those that we configure are configured. */
final class TimeServices {
  static final String TIMESYNCD = "systemd-timesyncd.service";
  static final String CHRONY = "chrony.service";

  /** Each keeps the clock by itself; a host has one of them. */
  static final List<String> ALL =
      List.of(CHRONY, "ntpsec.service", "ntp.service", "openntpd.service", TIMESYNCD);

  private static final Template TIMESYNCD_FILE = Template.of("os/timesyncd.conf.ftl");
  private static final Template CHRONY_FILE = Template.of("os/chrony.conf.ftl");
  private static final Template SOURCE_FILE = Template.of("os/chrony-source.conf.ftl");

  /** What the templates of those that ask see. */
  private record Asking(List<String> servers) {}

  /** What the template of one that is asked sees: addresses of those that may. */
  private record Asked(List<String> others) {}

  private TimeServices() {}

  /**
   * A service that reads a file of ours. What the file should hold may hang on the address of
   * another host, so it is asked for with its text, whatever that should be.
   */
  record Service(String name, ManagedFile file) implements Piece {
    private Piece piece() {
      var unit = Unit.running(name).reading(file);
      return Pieces.all(packages(), file, unit.dropIn(), unit);
    }

    /** A host has one time service: Debian's packages of them are in conflict. */
    private Packages packages() {
      var packages = Packages.of(name);
      return name.equals("chrony") ? packages.inPlaceOf("systemd-timesyncd") : packages;
    }

    @Override
    public Probes probes() {
      var unit = Unit.running(name).reading(file);
      return packages()
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
  static Service timesyncd(List<String> servers) {
    return service(
        "systemd-timesyncd",
        "/etc/systemd/timesyncd.conf.d/50-provision.conf",
        TIMESYNCD_FILE.render(new Asking(servers)));
  }

  /** chronyd that asks these servers too; its own configuration reads that directory. */
  static Service chrony(List<String> servers) {
    return chrony(CHRONY_FILE.render(new Asking(servers)));
  }

  /** chronyd that gives the time to these, from its own clock where it reaches no server. */
  static Service source(Collection<NodeAddress> others) {
    return chrony(
        SOURCE_FILE.render(new Asked(others.stream().map(NodeAddress::toString).toList())));
  }

  private static Service chrony(Content content) {
    return service("chrony", "/etc/chrony/conf.d/50-provision.conf", content);
  }

  /** Of every service that we configure, what we wrote for it is gone. */
  static Piece undeclared() {
    return Pieces.all(undeclared(timesyncd(List.of())), undeclared(chrony(List.of())));
  }

  /** This one, and nothing of ours for another that we configure. */
  static Piece only(Service service) {
    var others =
        Stream.of(timesyncd(List.of()), chrony(List.of()))
            .filter(other -> !other.name().equals(service.name()))
            .map(TimeServices::undeclared)
            .toList();
    return Pieces.all(others).and(service);
  }

  private static Piece undeclared(Service service) {
    return new UndeclaredTime(service.name(), service.file());
  }

  private static Service service(String name, String path, Content content) {
    return new Service(name, ManagedFile.of(path, content));
  }
}
