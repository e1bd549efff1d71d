package io.provision.lab;

import java.util.List;
import java.util.Map;
import org.testcontainers.DockerClientFactory;

/** The container engine, and what it can give a node. */
final class Engine {
  /** All that the suite makes carries this label; a /24 belongs to one suite at a time. */
  static final String LABEL = "org.provision.lab";

  static final String SUBNET =
      System.getenv().getOrDefault("PROVISION_SUITE_SUBNET", "10.214.0.0/24");
  static final String SUITE = "suite-" + SUBNET.replace('/', '-');

  /** What the hosts run: a release of Debian that {@code tests/lab/image} can make. */
  static final String DISTRO = System.getenv().getOrDefault("PROVISION_SUITE_DISTRO", "bookworm");

  private static final String IMAGE = build();
  private static final boolean PRIVILEGED = startsPrivileged();

  private Engine() {}

  static String nodeImage() {
    return IMAGE;
  }

  /** Where root itself lacks a capability, no container can be given all of them. */
  static boolean privileged() {
    return PRIVILEGED;
  }

  /** Removes what an earlier run of this suite left behind when it was killed. */
  static void sweep() {
    var client = DockerClientFactory.lazyClient();
    var ours = Map.of(LABEL, SUITE);
    for (var container :
        client.listContainersCmd().withShowAll(true).withLabelFilter(ours).exec()) {
      client.removeContainerCmd(container.getId()).withForce(true).withRemoveVolumes(true).exec();
    }
    for (var network : client.listNetworksCmd().withFilter("label", List.of(label())).exec()) {
      client.removeNetworkCmd(network.getId()).exec();
    }
  }

  private static String label() {
    return LABEL + "=" + SUITE;
  }

  private static String build() {
    var printed = Commands.run(Checkout.file("tests/lab/image").toString(), DISTRO);
    return printed.strip().lines().reduce((_, last) -> last).orElseThrow();
  }

  private static boolean startsPrivileged() {
    return Commands.succeeds(
        "docker",
        "run",
        "--rm",
        "--label",
        label(),
        "--network=none",
        "--privileged",
        "--entrypoint=true",
        IMAGE);
  }
}
