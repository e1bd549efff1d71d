package io.provision.rehearsal;

import io.provision.cli.Training;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Set;

/**
 * Goes through the usual commands once, silently, so that the launcher can record which classes
 * they need (JEP 514): also a whole run against this machine over SSH, which finds everything as it
 * should be. It writes to no directory but the one it is given, and looks at nothing that any user
 * may not see. The build compiles it with what is in this package and hands it to {@link Training};
 * it is no part of the program.
 */
public final class Rehearsal {
  /** Exit codes. */
  private static final int DONE = 0;

  private static final int FAILED = 1;
  private static final int REFUSED = 2;

  private Rehearsal() {}

  private static final List<String> LOOKED_UP = List.of("plan --help", "steps");

  private static final List<String> MISTYPED =
      List.of("aply", "validate /dev/null", "validate /dev/null --output json");

  /** The machine that builds may have a service or package manager that nothing is built for. */
  private static final Set<Integer> WHATEVER_IS_HERE = Set.of(DONE, FAILED);

  /**
   * A run from end to end.
   *
   * @param stage a directory that is empty
   */
  public static void run(Path stage) throws IOException, GeneralSecurityException {
    LOOKED_UP.forEach(command -> perform(DONE, command.split(" ")));
    MISTYPED.forEach(command -> perform(REFUSED, command.split(" ")));
    try (var host = PracticeHost.start(stage)) {
      write(stage, host.port());
      var inventory = stage.resolve("inventory.yml").toString();
      var playbook = stage.resolve("site.yml").toString();
      perform(DONE, "validate", inventory, "--playbook", playbook);
      perform(DONE, "validate", stage.resolve("cluster.yml").toString());
      var look = stage.resolve("look.yml").toString();
      perform(WHATEVER_IS_HERE, "plan", inventory, "--playbook", look);
      perform(DONE, "apply", inventory, "--playbook", playbook);
      perform(DONE, "apply", inventory, "--playbook", playbook, "--output", "json");
    }
  }

  private static void perform(int expected, String... command) {
    perform(Set.of(expected), command);
  }

  private static void perform(Set<Integer> expected, String... command) {
    var said = new ByteArrayOutputStream();
    var code = Training.perform(said, command);
    if (!expected.contains(code)) {
      throw new IllegalStateException(
          "'%s' ended with %d: %s"
              .formatted(String.join(" ", command), code, said.toString(StandardCharsets.UTF_8)));
    }
  }

  private static void write(Path stage, int port) throws IOException {
    var file = stage.resolve("as-it-should-be");
    Files.writeString(file, "host: here\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    var directory = Files.createDirectory(stage.resolve("directory"));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    var owner = Files.readAttributes(file, PosixFileAttributes.class);
    Files.writeString(stage.resolve("template.ftl"), "host: ${host.name}\n");
    Files.writeString(stage.resolve("inventory.yml"), INVENTORY.formatted(port, stage));
    Files.writeString(stage.resolve("cluster.yml"), CLUSTER);
    Files.writeString(
        stage.resolve("site.yml"),
        SITE.formatted(file, owner.owner().getName(), owner.group().getName(), directory));
    Files.writeString(stage.resolve("look.yml"), LOOK);
  }

  private static final String INVENTORY =
      """
      cluster:
        name: rehearsal
        distribution: none
        network: { node_cidr: 127.0.0.0/8 }
      ssh:
        port: %1$d
        key: %2$s/key
        host_keys: strict
        known_hosts: %2$s/known_hosts
        become: { method: none }
      hosts:
        here: { address: 127.0.0.1, vars: { disk: ssd } }
      """;

  /** Nothing but read: what is checked where there is a cluster. */
  private static final String CLUSTER =
      """
      cluster:
        name: rehearsal
        distribution: k3s
        version: v1.36.4+k3s1
        endpoint: 192.0.2.11
        network: { node_cidr: 192.0.2.0/24, pod_cidr: 10.42.0.0/16, service_cidr: 10.43.0.0/16 }
        kubeconfig: { merge_into: ~/.kube/config, context: rehearsal }
      ssh: { user: admin, key: ~/.ssh/id_ed25519, host_keys: accept-new }
      hosts:
        cp1: { address: 192.0.2.11, roles: [control-plane], labels: { disk: ssd } }
        w1: { address: 192.0.2.12, roles: [worker], ssh: { port: 2222 } }
      """;

  private static final String SITE =
      """
      - name: in sync
        hosts: all
        steps:
          - file: { path: "%1$s", content: "host: here\\n", owner: "%2$s", group: "%3$s" }
          - template: { path: "%1$s", template: template.ftl, owner: "%2$s", group: "%3$s" }
          - directory: { path: "%4$s", mode: "0755", owner: "%2$s", group: "%3$s" }
      """;

  private static final String LOOK =
      """
      - name: whatever is found
        hosts: all
        steps:
          - swap-off
          - kernel-modules: { modules: [overlay], file: /etc/modules-load.d/k8s.conf }
          - sysctl: { values: { net.ipv4.ip_forward: 1 }, file: /etc/sysctl.d/99-k8s.conf }
          - hosts-entries: [10.9.0.1 node1]
          - packages: [socat]
          - unit: { name: demo }
      """;
}
