package io.provision.desk;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Timers of this machine that start a program while nobody is there. */
public interface Timers {

  /**
   * How it is here.
   *
   * @param forAll whether they belong to the machine; else to the user this is, whose timers run
   *     while he has a session, or lingers
   * @param lingers whether they run without a session
   * @param user this is
   * @param directory where units are
   */
  record Here(boolean forAll, boolean lingers, String user, Path directory) {}

  /**
   * What a program came to that ran as a timer would run it.
   *
   * @param lines the last it said
   */
  record Trial(int exit, List<String> lines) {
    public Trial {
      lines = List.copyOf(lines);
    }
  }

  /**
   * Two units.
   *
   * @param name without what is behind the dot
   * @param mark a line of both by which they are known as ours
   */
  record Units(String name, String mark, String service, String timer) {}

  /**
   * @throws DeskException where there are none: no systemd, or one that does not answer
   */
  Here here() throws DeskException;

  /** What a program finds in its environment that a timer starts; nothing else. */
  Map<String, String> environment();

  /** What starts this program; empty where that is not known. */
  Optional<Path> launcher();

  /**
   * Runs a program with that environment and without a terminal.
   *
   * @throws DeskException where it cannot be started, or has not ended by then
   */
  Trial tryOut(List<String> command, Duration most) throws DeskException;

  /** Whether this is a line of a calendar that there can be; where nobody can say, it is. */
  boolean understands(String calendar) throws DeskException;

  /** Writes the units, in the place of ours of before, and has the timer wait. */
  void install(Units units) throws DeskException;

  /**
   * Takes them out.
   *
   * @return false where there were none
   */
  boolean remove(Units units) throws DeskException;
}
