package io.provision.model.rotation;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a rotation is told of besides on the screen.
 *
 * @param metrics a file that a node_exporter of this machine collects
 */
public record Reporting(Optional<Path> metrics) {
  public static final Reporting NONE = new Reporting(Optional.empty());
}
