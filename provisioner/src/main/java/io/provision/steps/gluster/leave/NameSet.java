package io.provision.steps.gluster.leave;

import io.provision.model.HostName;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Names of hosts or volumes, as an output: in their order. */
record NameSet(Set<String> names) {
  NameSet {
    names = Collections.unmodifiableSet(new TreeSet<>(names));
  }

  /** For messages. */
  static String joined(Stream<HostName> hosts) {
    return hosts.map(HostName::value).collect(Collectors.joining(", "));
  }
}
