package io.provision.steps.kubernetes.addon;

import io.provision.step.Given;
import java.util.List;

/** All that an inventory can have run in its cluster. */
public record AddOns(List<AddOn> all) implements Given {
  public AddOns {
    all = List.copyOf(all);
  }
}
