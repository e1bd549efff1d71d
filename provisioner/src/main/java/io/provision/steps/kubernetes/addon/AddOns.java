package io.provision.steps.kubernetes.addon;

import io.provision.step.Given;
import io.provision.step.Target;
import java.util.List;

/** All that an inventory can have run in its cluster. */
public record AddOns(List<AddOn> all) implements Given {
  public AddOns {
    all = List.copyOf(all);
  }

  /** Those that the inventory has not got. */
  List<AddOn> unwanted(Target target) {
    return all.stream().filter(it -> !it.isWanted(target)).toList();
  }
}
