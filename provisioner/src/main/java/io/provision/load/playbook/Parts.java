package io.provision.load.playbook;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/**
 * The parts of playbooks that come with the program, each plays for one concern, so that the
 * playbooks of distributions and of users are made of the same ones. A saved plan names no copy of
 * them: it is applied only by the program that made it.
 */
final class Parts {
  /** In the order in which they are of use. */
  static final List<String> NAMES =
      List.of(
          "facts",
          "hosts",
          "storage",
          "virtual-address",
          "calico",
          "cluster-storage",
          "load-balancer",
          "departures",
          "kubeconfig");

  private Parts() {}

  /** As messages call its file. */
  static String file(String name) {
    return "playbooks/parts/" + name + ".yml";
  }

  /** Its text; empty where there is no part of that name. */
  static Optional<byte[]> read(String name) {
    if (!NAMES.contains(name)) {
      return Optional.empty();
    }
    try (var in = Parts.class.getResourceAsStream("/" + file(name))) {
      if (in == null) {
        throw new IllegalStateException("this version comes without " + file(name));
      }
      return Optional.of(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
