package io.provision.load.playbook;

import io.provision.model.Position;
import io.provision.section.Node;
import java.util.List;
import java.util.Optional;

/**
 * One play as it is written.
 *
 * @param hosts groups or hosts; never empty
 */
public record PlayDocument(
    String name,
    List<Selector> hosts,
    Optional<Serial> serial,
    List<StepDocument> steps,
    Position position) {
  public PlayDocument {
    hosts = List.copyOf(hosts);
    steps = List.copyOf(steps);
  }

  /** A group or a host, and where it is named. */
  public record Selector(String word, Position position) {}

  /**
   * A step as it is written.
   *
   * @param parameters an empty mapping where there are none
   */
  public record StepDocument(String name, Node parameters, Position position) {}
}
