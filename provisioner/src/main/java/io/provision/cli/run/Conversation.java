package io.provision.cli.run;

import io.provision.console.Operator;
import io.provision.console.Problem;
import io.provision.engine.event.RunListener;
import io.provision.engine.session.Interrupt;
import java.util.function.Consumer;

/**
 * How a run talks with whoever started it.
 *
 * @param warnings takes what is worth a warning in the input, before the first event
 */
public record Conversation(
    RunListener events, Operator operator, Interrupt interrupt, Consumer<Problem> warnings) {

  /** The same, telling nobody the events. */
  Conversation quiet() {
    return new Conversation(_ -> {}, operator, interrupt, warnings);
  }

  /** The same, with one more who is told the events. */
  public Conversation alsoTelling(RunListener listener) {
    RunListener both =
        event -> {
          listener.on(event);
          events.on(event);
        };
    return new Conversation(both, operator, interrupt, warnings);
  }
}
