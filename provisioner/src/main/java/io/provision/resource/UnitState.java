package io.provision.resource;

import io.provision.model.Sha256;
import java.util.Map;

/**
 * What systemd says about a unit, and what the unit was started with.
 *
 * @param load for example {@code loaded}, {@code not-found}, {@code masked}; empty without systemd
 * @param started digests that the last start recorded, by path; empty where it recorded none
 */
public record UnitState(
    String load,
    String active,
    String sub,
    String boot,
    boolean reloadNeeded,
    Map<String, Sha256> started) {
  public static final UnitState ABSENT = new UnitState("", "", "", "", false, Map.of());

  public UnitState {
    started = java.util.Collections.unmodifiableMap(new java.util.TreeMap<>(started));
  }

  public boolean isRunning() {
    return active.equals("active") || active.equals("reloading");
  }

  public boolean isStarting() {
    return active.equals("activating");
  }

  public boolean exists() {
    return !load.isEmpty() && !load.equals("not-found");
  }
}
