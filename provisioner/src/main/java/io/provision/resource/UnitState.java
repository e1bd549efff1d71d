package io.provision.resource;

import io.provision.model.Sha256;
import java.util.List;
import java.util.Map;

/**
 * What systemd says about a unit, and what the unit was started with.
 *
 * @param load for example {@code loaded}, {@code not-found}, {@code masked}; empty without systemd
 * @param reloadNeeded whether systemd says that it has not read all that it should have. From
 *     systemd 255 on it says so of every unit after an {@code enable --no-reload} of any (see
 *     github.com/systemd/systemd/issues/29347), so that nothing is restarted for it
 * @param file where its unit file is; empty where there is none
 * @param newer those of its unit file and drop-ins that were written after its start
 * @param started digests that the last start recorded, by path; empty where it recorded none
 */
public record UnitState(
    String load,
    String active,
    String sub,
    String boot,
    boolean reloadNeeded,
    String file,
    List<String> newer,
    Map<String, Sha256> started) {
  public static final UnitState ABSENT =
      new UnitState("", "", "", "", false, "", List.of(), Map.of());

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
