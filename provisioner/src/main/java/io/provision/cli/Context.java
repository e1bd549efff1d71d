package io.provision.cli;

import io.provision.console.Display;
import io.provision.console.Problem;
import io.provision.engine.Interrupt;
import java.util.List;
import java.util.function.Supplier;

/** What a command works with. The program is made when it is first asked for. */
record Context(
    Display display,
    Supplier<Program> program,
    Interrupt interrupt,
    UnderWay underWay,
    String version) {

  Conversation conversation() {
    return new Conversation(
        underWay.before(display.listener()),
        display.operator(),
        interrupt,
        warning -> display.problems(List.<Problem>of(warning)));
  }
}
