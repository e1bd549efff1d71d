package io.provision.resource.unit;

import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import io.provision.resource.Piece;
import io.provision.step.Check;
import io.provision.step.Kind;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Question;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The service managers there are, and which one a host has: it was booted with one. */
public final class ServiceManagers {
  static final List<ServiceManager> ALL = List.of(new Systemd());

  /**
   * By what each leaves under /run: sd_booted(3); OpenRC's RC_SVCDIR (rc.h); runit(8) of Void and
   * of Debian; s6-rc-init. Else the name of the first process: {@code init} is that of System V and
   * of BusyBox.
   */
  private static final ShellFunction LOOK =
      new ShellFunction(
          "look_service_manager",
          """
          if [ -d /run/systemd/system ]; then echo systemd
          elif [ -d /run/openrc ]; then echo OpenRC
          elif [ -d /run/runit ]; then echo runit
          elif [ -e /run/s6-rc ]; then echo s6
          else head -c 100 /proc/1/comm
          fi
          return 0\
          """);

  /** The name of what a host has; empty where that cannot be told. */
  public static final Question<String> QUESTION =
      Question.of(Kind.single(LOOK, ServiceManagers::read));

  /** What writes units or mounts of its own needs a host with systemd, and nothing else of it. */
  public static final Piece SYSTEMD = new Needed(new Systemd().name());

  private ServiceManagers() {}

  private static String read(Frame frame) {
    var name = frame.output().strip();
    return name.matches("[A-Za-z0-9][A-Za-z0-9._+-]{0,31}") ? name : "";
  }

  /** The one that a host has; empty where nothing is built for it. */
  static Optional<ServiceManager> of(Observations seen) {
    var name = seen.of(QUESTION);
    return ALL.stream().filter(it -> it.name().equals(name)).findFirst();
  }

  static Check.Refused refusal(Observations seen) {
    var name = seen.of(QUESTION);
    return new Check.Refused(
        name.isEmpty()
            ? "what runs its services cannot be told"
            : "its services are run by %s, which is not supported".formatted(name),
        "take a system with "
            + ALL.stream().map(ServiceManager::name).collect(Collectors.joining(" or ")));
  }

  private record Needed(String name) implements Piece {
    @Override
    public Probes probes() {
      return Probes.of(QUESTION);
    }

    @Override
    public Check check(Observations seen) {
      return seen.of(QUESTION).equals(name) ? new Check.InSync() : refusal(seen);
    }
  }
}
