package io.provision.steps.kubernetes.rotation;

import io.provision.kube.Company;
import io.provision.model.Host;
import io.provision.model.rotation.Rotation;
import io.provision.step.Absences;
import io.provision.step.Target;
import io.provision.steps.kubernetes.Nodes;
import java.util.ArrayList;
import java.util.List;

/**
 * Which nodes may be away for their reboot at the same time, where the inventory allows several:
 * agents of which nothing that holds data wants all others there. All others go one by one before
 * them. Of those that go abreast, each waits for all but the ones right before it, so that who is
 * away together is known before anything begins.
 *
 * @param together the nodes that go abreast, in the order of the inventory; empty where this one is
 *     none of them
 * @param before the nodes that go one by one, in the same order
 * @param most how many at a time
 */
record Abreast(Target.OnHost target, List<Host> together, List<Host> before, int most) {
  Abreast {
    together = List.copyOf(together);
    before = List.copyOf(before);
  }

  static Abreast of(Target.OnHost target, Absences absences) {
    var agents = Nodes.agents(target.inventory());
    var most = Rotation.of(target.inventory()).maxUnavailable();
    if (most < 2 || !agents.contains(target.host())) {
      return new Abreast(target, List.of(), agents, 1);
    }
    var together = new ArrayList<Host>();
    var before = new ArrayList<Host>();
    for (var agent : agents) {
      var alone = absences.wantsAllOthers(new Target.OnHost(agent, target.inventory()));
      (alone ? before : together).add(agent);
    }
    return together.contains(target.host())
        ? new Abreast(target, together, before, most)
        : new Abreast(target, List.of(), before, 1);
  }

  /** Whether others may be away with it. */
  boolean isOne() {
    return !together.isEmpty();
  }

  /**
   * The agents that go before it: the one right before it of those that go one by one; of those
   * that go abreast all that are not right before it, but for those that these have waited for.
   */
  List<Host> ahead() {
    if (!isOne()) {
      var index = before.indexOf(target.host());
      return index < 1 ? List.of() : List.of(before.get(index - 1));
    }
    var index = together.indexOf(target.host());
    return index < most
        ? before.isEmpty() ? List.of() : List.of(before.getLast())
        : together.subList(Math.max(0, index - 2 * most + 1), index - most + 1);
  }

  /** Those that can still be away as it goes. */
  List<Host> rightBefore() {
    var index = together.indexOf(target.host());
    return index < 1 ? List.of() : together.subList(Math.max(0, index - most + 1), index);
  }

  /** With whom it may be out of use, whichever machine works on them. */
  Company company() {
    return isOne()
        ? new Company(
            together.stream()
                .filter(it -> !it.equals(target.host()))
                .map(it -> it.name().value())
                .toList(),
            most)
        : Company.NONE;
  }
}
