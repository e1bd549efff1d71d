package io.provision.model.rotation;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where a rotation is told of besides on the screen.
 *
 * @param metrics a file that a node_exporter of this machine collects
 */
public record Reporting(Optional<Path> metrics, List<Notification> notifications) {
  public static final Reporting NONE = new Reporting(Optional.empty(), List.of());

  public Reporting {
    notifications = List.copyOf(notifications);
  }
}
