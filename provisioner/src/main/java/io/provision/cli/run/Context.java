package io.provision.cli.run;

import io.provision.console.Display;
import io.provision.console.Problem;
import io.provision.engine.event.RunListener;
import io.provision.engine.session.Interrupt;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a command works with. The program is made when it is first asked for, and once. */
public final class Context {
  private final Display display;
  private final Supplier<Program> makes;
  private final Interrupt interrupt;
  private final UnderWay underWay;
  private final String version;
  private final InstantSource clock;
  private @Nullable Program program;

  public Context(
      Display display,
      Supplier<Program> makes,
      Interrupt interrupt,
      UnderWay underWay,
      String version) {
    this(display, makes, interrupt, underWay, version, InstantSource.system());
  }

  /**
   * @param clock what time it is where a command speaks of it
   */
  public Context(
      Display display,
      Supplier<Program> makes,
      Interrupt interrupt,
      UnderWay underWay,
      String version,
      InstantSource clock) {
    this.clock = clock;
    this.display = display;
    this.makes = makes;
    this.interrupt = interrupt;
    this.underWay = underWay;
    this.version = version;
  }

  public Display display() {
    return display;
  }

  public Instant now() {
    return clock.instant();
  }

  public String version() {
    return version;
  }

  public Program program() {
    if (program == null) {
      program = makes.get();
    }
    return program;
  }

  /** What was read, with what in it is worth a warning said. */
  public Inputs.Read warned(Inputs.Read read) {
    if (!read.warnings().isEmpty()) {
      display.problems(read.warnings());
    }
    return read;
  }

  /** With one more who is told the events. */
  public Conversation telling(RunListener listener) {
    return conversation().alsoTelling(listener);
  }

  public Conversation conversation() {
    return new Conversation(
        underWay.before(display.listener()),
        display.operator(),
        interrupt,
        warning -> display.problems(List.<Problem>of(warning)));
  }
}
