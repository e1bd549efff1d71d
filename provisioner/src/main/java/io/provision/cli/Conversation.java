package io.provision.cli;

import io.provision.console.Operator;
import io.provision.console.Problem;
import io.provision.engine.Interrupt;
import io.provision.engine.RunListener;
import java.util.function.Consumer;

/**
 * How a run talks with whoever started it.
 *
 * @param warnings takes what is worth a warning in the input, before the first event
 */
record Conversation(
    RunListener events, Operator operator, Interrupt interrupt, Consumer<Problem> warnings) {}
