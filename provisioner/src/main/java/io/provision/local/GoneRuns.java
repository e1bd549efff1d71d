package io.provision.local;

import io.provision.desk.RunOwner;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Which runs of this machine have ended. That one was of this machine says its journal, which lies
 * nowhere else: the name of a machine alone may be that of several.
 *
 * @param state where journals are
 * @param machine the name of this one
 */
public record GoneRuns(Path state, String machine) {

  /**
   * Whether the owner of a lock is one of ours, and lives no more; also false where that is not
   * known.
   */
  public boolean has(String owner) {
    return RunOwner.of(owner)
        .filter(it -> it.machine().equals(machine))
        .filter(it -> Files.isRegularFile(FileJournal.of(state, it.run())))
        .filter(it -> !lives(it))
        .isPresent();
  }

  /** Its number may be another one's by now, which began later. */
  private static boolean lives(RunOwner owner) {
    return ProcessHandle.of(owner.process())
        .filter(it ->
            it.info()
                .startInstant()
                .map(at -> !at.isAfter(owner.since().plusSeconds(1)))
                .orElse(true))
        .isPresent();
  }
}
