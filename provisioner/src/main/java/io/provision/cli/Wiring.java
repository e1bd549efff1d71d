package io.provision.cli;

import io.provision.load.Surroundings;
import io.provision.local.DeskDirectories;

/** The one place that knows all parts: makes the object graph by hand. */
final class Wiring {
  private Wiring() {}

  static Completion completion() {
    return new Completion(Surroundings.ofThisProcess());
  }

  static Program program() {
    var surroundings = Surroundings.ofThisProcess();
    var directories = DeskDirectories.of(surroundings.environment(), surroundings.home());
    return new Provision(new Inputs(surroundings), surroundings, directories);
  }
}
