package io.provision.engine.event;

import io.provision.model.HostName;
import io.provision.step.Provider;
import java.util.List;
import java.util.Optional;

/**
 * Which target.
 *
 * @param host of a target that is a host; empty for all others
 */
public record TargetName(Place place, Optional<HostName> host) implements Comparable<TargetName> {

  public TargetName {
    if (host.isPresent() != (place == Place.HOST)) {
      throw new IllegalArgumentException("a host has a name, and nothing else has one");
    }
  }

  /** What sort of target. */
  public enum Place {
    HOST,
    CLUSTER,
    DESK
  }

  /** The operator's machine. */
  public static final TargetName DESK = new TargetName(Place.DESK, Optional.empty());

  /** The cluster's API. */
  public static final TargetName CLUSTER = new TargetName(Place.CLUSTER, Optional.empty());

  public static TargetName of(HostName host) {
    return new TargetName(Place.HOST, Optional.of(host));
  }

  /** Those who can have what this provider has. The one place where that is decided. */
  public static List<TargetName> of(Provider provider) {
    return switch (provider) {
      case Provider.Hosts(var names) -> names.stream().map(TargetName::of).toList();
      case Provider.Cluster _ -> List.of(CLUSTER);
      case Provider.Local _ -> List.of(DESK);
    };
  }

  @Override
  public int compareTo(TargetName other) {
    return toString().compareTo(other.toString());
  }

  /** The host's name, or {@code (cluster)} or {@code (local)}, which no host can be called. */
  @Override
  public String toString() {
    return switch (place) {
      case HOST -> host.orElseThrow().value();
      case CLUSTER -> "(cluster)";
      case DESK -> "(local)";
    };
  }
}
