package io.provision.lab;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An image that has the program, as a user would make one: Debian, a JDK, and what was built of the
 * checkout. It lies on the nodes of a real k3s, so that nothing is pulled.
 */
final class ProgramImage {
  static final String NAME = "docker.io/library/provision-suite:1";

  private static final String COPY =
      """
      set -eu
      name=$1 base=$2 launcher=$3 java=$4 label=$5 other=$6
      shift 6
      docker image inspect "$base" >/dev/null 2>&1 || base=$other
      id=$(docker create --label "$label" "$base" true)
      trap 'docker rm -f "$id" >/dev/null' EXIT
      tar -C / --format=posix --exclude=jmods --exclude=src.zip --exclude=include -c "$@" | docker cp - "$id:/"
      ln -sf "$launcher" "${TMPDIR:-/tmp}/provision-suite-link"
      docker cp "${TMPDIR:-/tmp}/provision-suite-link" "$id:/usr/local/bin/provision"
      docker commit --change "ENV JAVA_HOME=$java" --change 'ENTRYPOINT []' --change 'CMD ["provision"]' "$id" "$name" >/dev/null
      """;

  private ProgramImage() {}

  /** Makes it, and gives it to these nodes, whose k3s runs. */
  static void bring(Lab lab, List<Node> nodes) {
    var _ = lab.provision(); // it is built by then
    var java = System.getProperty("java.home");
    var words =
        new ArrayList<>(
            List.of(
                "sh",
                "-c",
                COPY,
                "sh",
                NAME,
                "provision-lab-base:" + Engine.DISTRO,
                Checkout.file("provision").toString(),
                java,
                Engine.LABELS.entrySet().iterator().next().toString(),
                Engine.nodeImage(),
                java.substring(1)));
    OperatorsMachine.BUILT.stream()
        .map(Checkout::file)
        .map(Path::toString)
        .map(it -> it.substring(1))
        .forEach(words::add);
    Commands.run(words.toArray(String[]::new));
    for (var node : nodes) {
      Commands.run(
          "sh",
          "-c",
          "docker save \"$1\" | docker exec -i \"$2\" k3s ctr -n k8s.io images import - >/dev/null",
          "sh",
          NAME,
          node.container().getContainerId());
    }
  }

  static void remove() {
    Commands.run("docker", "rmi", "-f", NAME);
  }
}
