package io.provision.steps.kubernetes.addon;

import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Checks;
import io.provision.step.Departure;
import io.provision.step.Given;
import io.provision.step.Target;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** All that an inventory can have run in its cluster. */
public record AddOns(List<AddOn> all) implements Given {
  public AddOns {
    all = List.copyOf(all);
  }

  /** Those that the inventory has not got. */
  List<AddOn> unwanted(Target target) {
    return all.stream().filter(it -> !it.isWanted(target)).toList();
  }

  /** What there is to say of these together; in sync where the inventory has got all. */
  Check unwanted(Target target, Function<AddOn, Check> left) {
    return Checks.together(unwanted(target).stream().map(left).toList());
  }

  /** This one leaves, where that was asked for. */
  static Check leaving(AddOn addOn, List<Change> changes, Check removal) {
    var departure = new Departure(Set.of(addOn.orphan()), changes, removal, "", addOn.aftermath());
    return new Check.Leaving(List.of(departure), new Check.InSync());
  }
}
