package io.provision.lab;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A lab node as the machine that the program is typed on, by root: the JDK, what was built of the
 * checkout, and this lab's inventory, keys and state lie there by the same paths as here. It is no
 * node of the cluster.
 */
record OperatorsMachine(Lab lab, Node node) {
  /** Of the checkout, what the program is started from. */
  static final List<String> BUILT =
      List.of(
          "provision",
          "pom.xml",
          "provisioner/pom.xml",
          "provisioner/src/main",
          "provisioner/src/test/java/io/provision/rehearsal",
          "provisioner/target/launch",
          "provisioner/target/lib",
          "provisioner/target/provisioner.jar");

  /**
   * @param besides further files and directories that it has
   */
  static OperatorsMachine of(Lab lab, Node node, Path... besides) {
    var _ = lab.provision(); // it is built by then
    var copied = new ArrayList<>(List.of(besides));
    copied.add(Path.of(System.getProperty("java.home")));
    BUILT.stream().map(Checkout::file).forEach(copied::add);
    copied.add(lab.file(""));
    copied.add(Lab.KEY);
    for (var path : copied) {
      copy(node, path);
    }
    return new OperatorsMachine(lab, node);
  }

  /** With its times, by which the launcher sees that nothing is to be built. */
  private static void copy(Node node, Path path) {
    Commands.run(
        "sh",
        "-c",
        "tar -C / --format=posix --exclude=jmods --exclude=src.zip -c \"$1\" | docker exec -i"
            + " \"$2\" tar -C / -x",
        "sh",
        path.toString().substring(1),
        node.container().getContainerId());
  }

  /** Writes a file beside the inventory, there as well. */
  void write(String name, String text) {
    copy(node, lab.write(name, text));
  }

  /** What the program says there, with its exit code as the last line. */
  String run(String arguments) {
    return node.sh(
        "cd '%s'; '%s' %s 2>&1; echo \"exit $?\""
            .formatted(lab.file(""), Checkout.file("provision"), arguments));
  }
}
