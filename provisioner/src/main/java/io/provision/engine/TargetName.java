package io.provision.engine;

import io.provision.model.HostName;
import java.util.Optional;

/** Which target: a host, or the operator's desk where it is empty. */
public record TargetName(Optional<HostName> host) implements Comparable<TargetName> {
  public static final TargetName DESK = new TargetName(Optional.empty());

  public static TargetName of(HostName host) {
    return new TargetName(Optional.of(host));
  }

  @Override
  public int compareTo(TargetName other) {
    return toString().compareTo(other.toString());
  }

  /** The host's name, or {@code (desk)}, which no host can be called. */
  @Override
  public String toString() {
    return host.map(HostName::value).orElse("(desk)");
  }
}
