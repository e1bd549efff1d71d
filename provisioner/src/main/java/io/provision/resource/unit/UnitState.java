package io.provision.resource.unit;

import io.provision.model.Sha256;
import java.util.List;
import java.util.Map;

/**
 * What systemd says about a unit, and what the unit was started with. That it has something to read
 * again is left out on purpose: from systemd 255 on it says so of every unit after an {@code enable
 * --no-reload} of any (github.com/systemd/systemd/issues/29347), so that it is no state of a unit;
 * whatever writes a unit's file reloads in the same script, and any start reads it first.
 *
 * @param load for example {@code loaded}, {@code not-found}, {@code masked}; empty without systemd
 * @param file where its unit file is; empty where there is none
 * @param newer those of its unit file and drop-ins that were written after its start
 * @param started digests that the last start recorded, by path; empty where it recorded none
 */
public record UnitState(
    String load,
    String active,
    String sub,
    String boot,
    String file,
    List<String> newer,
    Map<String, Sha256> started) {
  public static final UnitState ABSENT = new UnitState("", "", "", "", "", List.of(), Map.of());

  public UnitState {
    newer = List.copyOf(newer);
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
