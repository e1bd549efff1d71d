package io.provision.fabric8;

import io.provision.kube.ClusterException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Who a pod is to the API of its own cluster: files that its kubelet puts there, and renews while
 * the pod runs; see
 * https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/#directly-accessing-the-rest-api
 *
 * @param directory in which they are
 */
record ServiceAccount(Path directory) {
  private static final String REMEDY =
      "it is there in a pod whose service account's token is mounted: install the CronJob again";

  /** PEM: whom to believe. */
  String authority() throws ClusterException {
    return read("ca.crt");
  }

  /**
   * What gives the token of that moment: it is good for an hour, and a rotation can take longer.
   *
   * @throws ClusterException where there is none now
   */
  Supplier<Optional<String>> tokens() throws ClusterException {
    var _ = read("token");
    return () -> {
      try {
        return Optional.of(Files.readString(directory.resolve("token")).strip());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }

  private String read(String name) throws ClusterException {
    try {
      return Files.readString(directory.resolve(name));
    } catch (IOException e) {
      throw new ClusterException(
          "%s cannot be read (%s)".formatted(directory.resolve(name), e.getClass().getSimpleName()),
          REMEDY,
          e);
    }
  }
}
