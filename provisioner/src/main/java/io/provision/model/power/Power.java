package io.provision.model.power;

import io.provision.model.Host;
import io.provision.model.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** How the power of a host is cut, given and asked for: by what is beside it, never by itself. */
public sealed interface Power {

  /** What the inventory says of a host; empty where it says nothing. */
  static Optional<Power> of(Host host) {
    return host.sections().find(Power.class);
  }

  /** Whether who wrote it can have any program run here; the URI of a libvirt can, too. */
  default boolean namesProgram() {
    return switch (this) {
      case Programs _, Libvirt _ -> true;
      case Ipmi _, Redfish _ -> false;
    };
  }

  /**
   * By a management controller that speaks IPMI 2.0.
   *
   * @param address a name or an IP address of the controller
   * @param port empty for the usual one
   */
  record Ipmi(String address, OptionalInt port, Login login) implements Power {}

  /**
   * By a management controller that speaks Redfish (DSP0266 of the DMTF).
   *
   * @param service its URL without a path
   * @param system the identifier of one of its systems; empty where it has one only
   */
  record Redfish(URI service, Login login, Optional<String> system, Trust trust) implements Power {}

  /**
   * By libvirt, of a virtual machine.
   *
   * @param connection as {@code virsh -c} takes it
   */
  record Libvirt(String connection, String domain) implements Power {}

  /**
   * By programs of the operator's own, run without a shell.
   *
   * @param status writes {@code on} or {@code off}
   */
  record Programs(List<String> off, List<String> on, List<String> status) implements Power {
    public Programs {
      off = List.copyOf(off);
      on = List.copyOf(on);
      status = List.copyOf(status);
    }
  }

  /** Who asks a controller. */
  record Login(String user, Secret password) {}

  /** By what a controller's certificate is known; there is no way to take just any. */
  sealed interface Trust {
    /** By the authorities that this machine trusts. */
    record Usual() implements Trust {}

    /** By the authorities in a file, in PEM. */
    record Authorities(Path file) implements Trust {}

    /**
     * By its SHA-256 alone, whatever name it carries, and whoever issued it.
     *
     * @param fingerprint 64 lower-case hexadecimal digits
     */
    record Pinned(String fingerprint) implements Trust {}
  }
}
