package io.provision.simulated;

import io.provision.kube.ClusterAction;
import io.provision.kube.Company;
import io.provision.step.Repair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** What a {@link Mutant} makes of a list of repairs. */
final class Leaves {
  private Leaves() {}

  static Predicate<ClusterAction> is(Class<? extends ClusterAction> kind) {
    return kind::isInstance;
  }

  static Predicate<Repair> gate(String what) {
    return leaf -> leaf instanceof Repair.AwaitHosts gate && gate.what().startsWith(what);
  }

  /** Of one script alone, or one of several. */
  static Predicate<Repair> script(String name) {
    return leaf ->
        leaf instanceof Repair.OnHost(var scripts, _)
            && scripts.stream().anyMatch(it -> it.call().function().name().equals(name));
  }

  private static Predicate<Repair> reboot() {
    return Repair.Reboot.class::isInstance;
  }

  static List<Repair> dropped(List<Repair> leaves, Predicate<Repair> which) {
    return leaves.stream().filter(which.negate()).toList();
  }

  /** Without these actions. */
  static List<Repair> without(List<Repair> leaves, Predicate<ClusterAction> which) {
    return leaves.stream()
        .map(leaf ->
            leaf instanceof Repair.OnApi(var access, var actions)
                ? new Repair.OnApi(access, actions.stream().filter(which.negate()).toList())
                : leaf)
        .toList();
  }

  private static List<Repair> each(List<Repair> leaves, UnaryOperator<ClusterAction> changed) {
    return leaves.stream()
        .map(leaf ->
            leaf instanceof Repair.OnApi(var access, var actions)
                ? new Repair.OnApi(access, actions.stream().map(changed).toList())
                : leaf)
        .toList();
  }

  /** However many are away. */
  static List<Repair> withAnyNumber(List<Repair> leaves) {
    return each(leaves, Leaves::withAnyNumber);
  }

  private static ClusterAction withAnyNumber(ClusterAction action) {
    return switch (action) {
      case ClusterAction.TakeTurn(var node, var company) ->
          new ClusterAction.TakeTurn(node, any(company));
      case ClusterAction.AwaitPresent(var node, var company, var timeout, var there) ->
          new ClusterAction.AwaitPresent(node, any(company), timeout, there);
      default -> action;
    };
  }

  private static Company any(Company company) {
    return new Company(company.beside(), Integer.MAX_VALUE);
  }

  /** Whoever's turn it is. */
  static List<Repair> claimed(List<Repair> leaves) {
    return each(leaves, Leaves::claimed);
  }

  private static ClusterAction claimed(ClusterAction action) {
    return action instanceof ClusterAction.ClaimInTurn(var node, var claim)
        ? new ClusterAction.Claim(node, claim)
        : action;
  }

  /** It is the turn of nobody any more where these begin. */
  static List<Repair> endsTurnAt(List<Repair> leaves, Predicate<ClusterAction> which) {
    var ended = new ArrayList<Repair>();
    for (var leaf : leaves) {
      if (leaf instanceof Repair.OnApi(var access, var actions)) {
        nodes(actions, which)
            .forEach(node ->
                ended.add(new Repair.OnApi(access, List.of(new ClusterAction.EndTurn(node)))));
      }
      ended.add(leaf);
    }
    return ended;
  }

  private static Stream<String> nodes(List<ClusterAction> actions, Predicate<ClusterAction> which) {
    return actions.stream()
        .filter(which)
        .map(action ->
            switch (action) {
              case ClusterAction.SpreadAgain spread -> spread.node();
              case ClusterAction.Uncordon uncordon -> uncordon.node();
              default -> throw new IllegalStateException(action.toString());
            });
  }

  /** The first of these alone. */
  static List<Repair> onceOnly(List<Repair> leaves, Predicate<Repair> which) {
    return onceOnly(leaves, which, new ArrayList<>());
  }

  private static List<Repair> onceOnly(
      List<Repair> leaves, Predicate<Repair> which, List<Repair> found) {
    var kept = new ArrayList<Repair>();
    for (var leaf : leaves) {
      if (leaf instanceof Repair.Guarded(var parts, var otherwise)) {
        var inside =
            onceOnly(parts.stream().flatMap(it -> it.leaves().stream()).toList(), which, found);
        kept.add(new Repair.Guarded(inside, otherwise));
      } else if (!which.test(leaf)) {
        kept.add(leaf);
      } else if (found.isEmpty()) {
        found.add(leaf);
        kept.add(leaf);
      }
    }
    return kept;
  }

  /** These behind all others. */
  static List<Repair> last(List<Repair> leaves, Predicate<Repair> which) {
    return Stream.concat(leaves.stream().filter(which.negate()), leaves.stream().filter(which))
        .toList();
  }

  /** As it was: what can take ten minutes is asked behind all else, and nothing after it. */
  static List<Repair> longGateLast(List<Repair> leaves) {
    var again = new ArrayList<Repair>();
    var left = new ArrayList<Repair>();
    for (var leaf : leaves) {
      if (leaf instanceof Repair.AwaitHosts gate && !gate.otherwise().isEmpty()) {
        if (gate.deadline().compareTo(Duration.ofMinutes(1)) > 0) {
          again.add(leaf);
        }
        continue;
      }
      if (!again.isEmpty() && script("pause_bricks").test(leaf)) {
        left.addAll(again);
      }
      left.add(leaf);
    }
    return left;
  }

  static List<Repair> rebootFirst(List<Repair> leaves) {
    return Stream.concat(
            leaves.stream().filter(reboot()), leaves.stream().filter(reboot().negate()))
        .toList();
  }

  static List<Repair> rebootedTwice(List<Repair> leaves) {
    return leaves.stream()
        .flatMap(leaf -> reboot().test(leaf) ? Stream.of(leaf, leaf) : Stream.of(leaf))
        .toList();
  }

  /** Also where it is only given back. */
  static List<Repair> rebootedInAnyCase(List<Repair> leaves) {
    return leaves.stream().anyMatch(reboot())
        ? leaves
        : Stream.concat(Stream.of(new Repair.Reboot(Duration.ofMinutes(15))), leaves.stream())
            .toList();
  }

  /** These gates, which say yes to whatever they are told. */
  static List<Repair> open(List<Repair> leaves, Predicate<Repair> which) {
    return leaves.stream()
        .map(leaf ->
            which.test(leaf) && leaf instanceof Repair.AwaitHosts gate
                ? new Repair.AwaitHosts(
                    gate.what() + ", whatever is said",
                    gate.deadline(),
                    gate.asked(),
                    (_, _) -> List.of(),
                    gate.remedy(),
                    gate.otherwise())
                : leaf)
        .toList();
  }
}
