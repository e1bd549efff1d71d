package io.provision.console;

import io.provision.console.text.Table;
import io.provision.engine.event.Report;
import io.provision.engine.event.RunListener;
import io.provision.step.doctor.Examined;
import java.util.List;
import java.util.Optional;

/** What one command says, from its first word to its last. {@link #end} is the last. */
public interface Display {

  /** Takes the events of a run; to be called from any thread, never blocks. */
  RunListener listener();

  /** Who can be asked; a view that is being drawn makes room. */
  Operator operator();

  /** One sentence of the command's result. May be called from any thread. */
  void say(String line);

  /** Text that is data for another program (a completion script): printed as it is. */
  void raw(String text);

  /** A table of the command's result. */
  void table(String title, Table table);

  /** What was examined, and what is wrong with it: what is worst first. */
  void examined(List<Examined> all);

  /** What is wrong with the input, all of it. */
  void problems(List<Problem> problems);

  /** A remark on the run itself: it stops, it waits. Never part of the result. */
  void remark(String line);

  /** What would change was shown otherwise, or is not asked for: no diffs at the end. */
  void onlyCounts();

  /**
   * Shows how it ended. Nothing may be said afterwards.
   *
   * @param exit the exit code
   * @param lost the exit code where a file that was asked for cannot be written, which is said
   * @return the one of the two that it is
   */
  int end(Optional<Report> report, int exit, int lost);

  /** Leaves in the middle: says what is unknown, without waiting for anything. */
  void abandon(int exit);
}
