package io.provision.cli;

import io.provision.console.Display;
import io.provision.console.Problem;
import io.provision.engine.Interrupt;
import io.provision.engine.RunListener;
import java.util.List;
import java.util.function.Supplier;

/** What a command works with. The program is made when it is first asked for. */
record Context(
    Display display,
    Supplier<Program> made,
    Interrupt interrupt,
    UnderWay underWay,
    String version) {

  Program program() {
    return made.get();
  }

  /** What was read, with what in it is worth a warning said. */
  Inputs.Read warned(Inputs.Read read) {
    if (!read.warnings().isEmpty()) {
      display.problems(read.warnings());
    }
    return read;
  }

  /** With one more who is told the events. */
  Conversation telling(RunListener listener) {
    return conversation().alsoTelling(listener);
  }

  Conversation conversation() {
    return new Conversation(
        underWay.before(display.listener()),
        display.operator(),
        interrupt,
        warning -> display.problems(List.<Problem>of(warning)));
  }
}
