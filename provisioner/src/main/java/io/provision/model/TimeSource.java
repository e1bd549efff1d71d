package io.provision.model;

import java.util.List;

/** Where the hosts' clocks get the time from. */
public sealed interface TimeSource {

  /**
   * Nothing is said: whatever service a host has keeps its clock; where there is none it gets one.
   */
  record AsFound() implements TimeSource {}

  /** These time servers, by name or address. */
  record Servers(List<String> names) implements TimeSource {
    public Servers {
      names = List.copyOf(names);
    }
  }

  /** One of the hosts gives the time to the others. */
  record From(HostName host) implements TimeSource {}

  /** Somebody else sees to the clocks. */
  record Unmanaged() implements TimeSource {}
}
