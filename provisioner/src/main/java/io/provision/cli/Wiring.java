package io.provision.cli;

import io.provision.console.Problem;
import io.provision.engine.Report;
import java.util.List;

/** The one place that knows all parts: makes the object graph by hand. */
final class Wiring {
  private Wiring() {}

  static Program program() {
    return new Unwired();
  }

  /** Refuses everything: a build without loader and engine. */
  private static final class Unwired implements Program {
    private static Refused refusal() {
      return new Refused("", "this build has no loader and no engine");
    }

    @Override
    public List<Problem> validate(Order order) {
      return refusal().problems();
    }

    @Override
    public Report plan(Order order, Conversation conversation) throws Refused {
      throw refusal();
    }

    @Override
    public Report apply(Order order, Conversation conversation) throws Refused {
      throw refusal();
    }

    @Override
    public Report kubeconfig(Order order, Conversation conversation) throws Refused {
      throw refusal();
    }

    @Override
    public Status status(Order order, Conversation conversation) throws Refused {
      throw refusal();
    }

    @Override
    public List<String> unlock(Order order, Conversation conversation) throws Refused {
      throw refusal();
    }

    @Override
    public List<StepHelp> steps() {
      return List.of();
    }
  }
}
