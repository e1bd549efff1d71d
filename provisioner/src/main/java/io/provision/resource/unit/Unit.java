package io.provision.resource.unit;

import io.provision.model.Sha256;
import io.provision.remote.Script;
import io.provision.render.Template;
import io.provision.resource.Files;
import io.provision.resource.HostPath;
import io.provision.resource.ManagedFile;
import io.provision.resource.Piece;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Repair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A unit: whether it runs, whether it starts at boot, and what it was started with. The service
 * manager that the host has looks at it and brings it up.
 *
 * <p>A unit that should run and {@link #reading reads} files is in drift while its last start
 * recorded other digests than those files have, or should have; so a run that was killed between a
 * file and the restart cannot hide it. The record is made by {@link Units#recordLine} in its unit
 * file, or by {@link #dropIn}. Where its unit file is none of these, it is in drift while that file
 * or a drop-in is newer than its start, but for the one that it was taken over with. That systemd
 * has something to read again is no drift: any start reads it first.
 *
 * @param reads the digest that each file should have; empty for whatever it has on the host
 */
public record Unit(String name, Run run, Boot boot, Map<String, Optional<Sha256>> reads)
    implements Piece {
  private static final Pattern GRAMMAR =
      Pattern.compile(
          "[A-Za-z0-9:_.@-]{1,240}\\.(service|socket|timer|mount|automount|path|target|swap|slice)");
  private static final Duration START = Duration.ofMinutes(5);
  private static final Template DROP_IN = Template.of("os/record.conf.ftl");

  /** What the template sees: the line that makes the record. */
  private record DropIn(String record) {}

  /** Whether it should run now. */
  public enum Run {
    RUNNING,
    STOPPED,
    ANY
  }

  /** Whether it should be started at boot. */
  public enum Boot {
    ENABLED,
    DISABLED,
    MASKED,
    ANY
  }

  public Unit {
    if (!GRAMMAR.matcher(name).matches() || name.startsWith("-") || name.contains("@.")) {
      throw new IllegalArgumentException("'%s' is not a unit such as ssh.service".formatted(name));
    }
    reads = java.util.Collections.unmodifiableMap(new TreeMap<>(reads));
  }

  /** A unit that runs now and after every boot; a name without a dot is a service. */
  public static Unit running(String name) {
    return new Unit(full(name), Run.RUNNING, Boot.ENABLED, Map.of());
  }

  /** A unit that runs neither now nor after a boot. */
  public static Unit stopped(String name) {
    return new Unit(full(name), Run.STOPPED, Boot.DISABLED, Map.of());
  }

  /** The name with its type: {@code demo} is {@code demo.service}. */
  public static String full(String name) {
    return name.contains(".") ? name : name + ".service";
  }

  /** The same unit, which reads these files when it starts. */
  public Unit reading(ManagedFile... files) {
    var all = new TreeMap<>(reads);
    for (var file : files) {
      all.put(file.path(), Optional.of(file.sha256()));
    }
    return new Unit(name, run, boot, all);
  }

  /** The same unit, which reads this file when it starts; it should have this digest. */
  public Unit reading(String path, Sha256 digest) {
    var all = new TreeMap<>(reads);
    all.put(path, Optional.of(digest));
    return new Unit(name, run, boot, all);
  }

  /** The same unit, which reads these files when it starts, whatever they hold. */
  public Unit readingAsFound(List<String> paths) {
    var all = new TreeMap<>(reads);
    paths.forEach(path -> all.putIfAbsent(HostPath.require(path), Optional.empty()));
    return new Unit(name, run, boot, all);
  }

  /** The drop-in that makes a unit of somebody else record what it is started with. */
  public ManagedFile dropIn() {
    var record = Units.recordLine(List.copyOf(reads.keySet()));
    return ManagedFile.of(
        "/etc/systemd/system/%s.d/50-provision.conf".formatted(name),
        DROP_IN.render(new DropIn(record)));
  }

  @Override
  public Probes probes() {
    var probes = Probes.of(ServiceManagers.QUESTION);
    for (var manager : ServiceManagers.ALL) {
      probes = probes.and(Probes.of(manager.question(name)));
    }
    for (var read : reads.entrySet()) {
      if (read.getValue().isEmpty()) {
        probes = probes.and(Probes.of(Files.ofOthers(read.getKey())));
      }
    }
    return probes;
  }

  @Override
  public Check check(Observations seen) {
    return ServiceManagers.of(seen)
        .map(manager -> check(manager, seen))
        .orElseGet(() -> ServiceManagers.refusal(seen));
  }

  @Override
  public Optional<Change> whenChanged(String subject) {
    return run == Run.RUNNING && reads.containsKey(subject)
        ? Optional.of(Change.of(Change.Action.RESTART, "unit " + name))
        : Optional.empty();
  }

  private Check check(ServiceManager manager, Observations seen) {
    var state = seen.of(manager.question(name));
    var changes = new ArrayList<Change>();
    var boots = bootChange(state, changes);
    var runs = runChange(state, seen, changes);
    if (changes.isEmpty()) {
      return run == Run.RUNNING && state.isStarting() ? starting(manager) : new Check.InSync();
    }
    return new Check.Drift(
        changes,
        new Repair.OnHost(
            List.of(new Script(manager.bring(name, runs, boots), List.of(), START).standingAlone()),
            true));
  }

  private Check starting(ServiceManager manager) {
    return new Check.NotYet(
        name + " to be up", manager.settle(), manager.isUp(name), manager.explain(name));
  }

  private String bootChange(UnitState state, List<Change> changes) {
    var is = state.boot();
    return switch (boot) {
      case ENABLED ->
          note(
              is.matches("enabled|static|alias|generated|transient"),
              Change.Action.ENABLE,
              state,
              "enable",
              changes);
      case DISABLED ->
          note(
              !is.matches("enabled|enabled-runtime|linked|alias"),
              Change.Action.DISABLE,
              state,
              "disable",
              changes);
      case MASKED -> note(is.equals("masked"), Change.Action.DISABLE, state, "mask", changes);
      case ANY -> "-";
    };
  }

  private String note(
      boolean fits, Change.Action action, UnitState state, String verb, List<Change> changes) {
    if (fits) {
      return "-";
    }
    var from = state.boot().isEmpty() ? "not there" : state.boot();
    changes.add(
        Change.of(action, "unit " + name, from, verb.equals("mask") ? "masked" : verb + "d"));
    return verb;
  }

  private String runChange(UnitState state, Observations seen, List<Change> changes) {
    if (run == Run.STOPPED && (state.isRunning() || state.isStarting())) {
      changes.add(Change.of(Change.Action.STOP, "unit " + name));
      return "stop";
    }
    if (run != Run.RUNNING) {
      return "-";
    }
    if (!state.isRunning() && !state.isStarting()) {
      var from = state.active().isEmpty() ? "not there" : state.active();
      changes.add(Change.of(Change.Action.START, "unit " + name, from, "running"));
      // its package may have started it meanwhile, before what it reads was there
      return reads.isEmpty() ? "start" : "restart";
    }
    var why = restartReasons(state, seen);
    if (why.isEmpty()) {
      return "-";
    }
    changes.add(
        Change.of(
            Change.Action.RESTART, "unit " + name, String.join(", ", why), "as the files say"));
    return "restart";
  }

  private List<String> restartReasons(UnitState state, Observations seen) {
    var why = new ArrayList<String>();
    reads.forEach((path, wanted) -> {
      var should = wanted.or(() -> seen.of(Files.ofOthers(path)).sha256());
      var was = Optional.ofNullable(state.started().get(path));
      if (!should.equals(was)) {
        why.add("started with another " + path);
      }
    });
    if (!reads.containsKey(state.file())) {
      state.newer().stream()
          .filter(path -> !reads.containsKey(path) && !isRecorded(path, state))
          .map(path -> "started before %s was written".formatted(path))
          .forEach(why::add);
    }
    return why;
  }

  /** Whether it is our own drop-in, of a unit that was {@link Takeover taken over} with it. */
  private boolean isRecorded(String path, UnitState state) {
    var ours = dropIn();
    return path.equals(ours.path()) && ours.sha256().equals(state.started().get(path));
  }
}
