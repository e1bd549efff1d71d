package io.provision.lab;

import java.util.List;
import java.util.Map;
import org.testcontainers.DockerClientFactory;

/** The container engine, and what it can give a node. */
final class Engine {
  /** All that the suite makes carries this label, which CI removes by. */
  private static final String LABEL = "org.provision.lab";

  private static final String FIRST_SUBNET =
      System.getenv().getOrDefault("PROVISION_SUITE_SUBNET", "10.214.0.0/24");

  /** This process' own among those of the suite that run at once: 1, 2, ... */
  private static final int NUMBER =
      Integer.parseInt(System.getProperty("suite.lab", "lab-1").substring(4));

  /** The /24 of this process: the suite's, the one behind it, ... */
  static final String SUBNET = behind(FIRST_SUBNET, NUMBER - 1);

  /** What belongs to this process alone. */
  static final Map<String, String> LABELS =
      Map.of(
          LABEL,
          "suite-" + FIRST_SUBNET.replace('/', '-'),
          LABEL + ".number",
          Integer.toString(NUMBER));

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
    for (var container :
        client.listContainersCmd().withShowAll(true).withLabelFilter(LABELS).exec()) {
      client.removeContainerCmd(container.getId()).withForce(true).withRemoveVolumes(true).exec();
    }
    for (var network : client.listNetworksCmd().withFilter("label", labels()).exec()) {
      client.removeNetworkCmd(network.getId()).exec();
    }
  }

  private static List<String> labels() {
    return LABELS.entrySet().stream().map(it -> it.getKey() + "=" + it.getValue()).toList();
  }

  private static String behind(String subnet, int steps) {
    var octets = subnet.split("\\.", 4);
    octets[2] = Integer.toString(Integer.parseInt(octets[2]) + steps);
    return String.join(".", octets);
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
        labels().getFirst(),
        "--network=none",
        "--privileged",
        "--entrypoint=true",
        IMAGE);
  }
}
