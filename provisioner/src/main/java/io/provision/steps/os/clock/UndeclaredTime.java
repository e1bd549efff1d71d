package io.provision.steps.os.clock;

import io.provision.model.Content;
import io.provision.resource.Absent;
import io.provision.resource.FileState;
import io.provision.resource.Files;
import io.provision.resource.ManagedFile;
import io.provision.resource.Piece;
import io.provision.resource.unit.ServiceManagers;
import io.provision.resource.unit.Unit;
import io.provision.resource.unit.Units;
import io.provision.step.Check;
import io.provision.step.Checks;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Probes;
import io.provision.step.Question;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A file that we wrote for a time service, and that the inventory does not ask for any more: it is
 * gone, and the service, where it runs, runs without it. A file of somebody else stays.
 *
 * @param file as it would be, whatever it would hold
 */
record UndeclaredTime(String service, ManagedFile file) implements Piece {
  /** The first line of the templates. */
  static final String HEADER = "# Written by provision, from 'time' of the inventory.";

  private String path() {
    return file.path();
  }

  private String unit() {
    return Unit.full(service);
  }

  private ManagedFile dropIn() {
    return Unit.running(service).reading(file).dropIn();
  }

  @Override
  public Probes probes() {
    return Probes.of(
            Files.text(path()), Files.ofOthers(path()), Files.at(dropIn().path()), Units.of(unit()))
        .and(ServiceManagers.SYSTEMD.probes());
  }

  @Override
  public Check check(Observations seen) {
    var state = seen.of(Files.text(path()));
    if (state.exists() && !isOurs(state)) {
      return new Check.InSync(
          Observed.noting("%s does not say that provision wrote it, and stays".formatted(path())));
    }
    var checks = new ArrayList<Check>();
    if (state.exists()) {
      checks.add(new Absent(path()).check(with(Files.at(path()), state, seen)));
    }
    if (seen.of(Units.of(unit())).started().containsKey(path())) {
      checks.add(restarted(seen));
    }
    // last: until then a run that was killed before the restart can be told by its record
    if (seen.of(Files.at(dropIn().path())).holds(dropIn().sha256())) {
      checks.add(new Absent(dropIn().path()).check(seen));
    }
    return Checks.together(checks);
  }

  private static boolean isOurs(FileState state) {
    return state
        .text()
        .map(Content.Plain::text)
        .filter(text -> text.startsWith(HEADER + "\n"))
        .isPresent();
  }

  /** Where it runs; one that does not reads the files that are there when it starts. */
  private Check restarted(Observations seen) {
    var up = seen.of(Units.of(unit()));
    if (!up.isRunning() && !up.isStarting()) {
      return new Check.InSync();
    }
    var without = new Unit(unit(), Unit.Run.RUNNING, Unit.Boot.ANY, Map.of());
    return without
        .readingAsFound(List.of(path()))
        .check(with(Files.ofOthers(path()), FileState.ABSENT, seen));
  }

  private static Observations with(
      Question<FileState> question, FileState state, Observations seen) {
    return seen.updated(new Observations.Builder().put(question, state).build());
  }
}
