package io.provision.steps;

import io.provision.kube.ClusterAction;
import io.provision.model.rotation.OwnCheck;
import io.provision.step.Repair;
import io.provision.step.Repair.HookRun;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a repair does, in words, in its order; what is guarded stands between brackets. */
public final class Walked {
  private Walked() {}

  public static List<String> of(Repair repair) {
    return repair.leaves().stream().flatMap(Walked::words).toList();
  }

  private static String instead(List<Repair> otherwise) {
    return otherwise.stream().flatMap(it -> of(it).stream()).collect(Collectors.joining(", "));
  }

  private static Stream<String> words(Repair repair) {
    return switch (repair) {
      case Repair.OnHost(var scripts, _) ->
          scripts.stream().map(script -> script.call().function().name());
      case Repair.Reboot _ -> Stream.of("reboot");
      case Repair.AwaitHosts gate -> Stream.of(gate.what());
      case Repair.AwaitChecks gate ->
          Stream.of(
              "checks %s %s, %d minutes"
                  .formatted(
                      gate.checks().stream().map(OwnCheck::name).toList(),
                      gate.occasion().variables().get("PROVISION_PHASE"),
                      gate.deadline().toMinutes()));
      case Repair.RunHooks(var hooks, var all) ->
          Stream.of(
              (all ? "all hooks " : "hooks ")
                  + hooks.stream()
                      .map(
                          it -> it.name() + (it.way() instanceof HookRun.Way.There ? " there" : ""))
                      .toList());
      case Repair.Guarded(var parts, var otherwise) ->
          Stream.of(
                  Stream.of("["),
                  parts.stream().flatMap(it -> of(it).stream()),
                  Stream.of("] or: " + instead(otherwise)))
              .flatMap(it -> it);
      case Repair.InWindow _ -> Stream.of("in a window");
      case Repair.Tell(var fact) -> Stream.of("tell " + fact.getClass().getSimpleName());
      case Repair.OnApi(_, var actions) -> actions.stream().map(Walked::words);
      default -> throw new IllegalStateException(repair.toString());
    };
  }

  private static String words(ClusterAction action) {
    return switch (action) {
      case ClusterAction.Drain(var node, _, _, _) -> "drain " + node;
      case ClusterAction.ClaimInTurn(var node, _) -> "claim " + node;
      case ClusterAction.RefuseUncordoned(var node) -> "refuse uncordoned " + node;
      case ClusterAction.SpreadAgain(var node, _, _) -> "spread over " + node;
      case ClusterAction.Uncordon(var node, _) -> "uncordon " + node;
      case ClusterAction.Release(var node, _) -> "release " + node;
      case ClusterAction.RefuseForeign(var node, _) -> "refuse foreign " + node;
      case ClusterAction.RefuseClaimed(var node) -> "refuse claimed " + node;
      case ClusterAction.TakeTurn(var node, var company) ->
          company.beside().isEmpty()
              ? "turn of " + node
              : "turn of %s beside %s, %d at most"
                  .formatted(node, String.join(" ", company.beside()), company.most());
      case ClusterAction.AwaitPresent(_, var company, var timeout, _) ->
          "of %s %d missing at most, %d minutes"
              .formatted(
                  String.join(" ", company.beside()), company.most() - 1, timeout.toMinutes());
      case ClusterAction.EndTurn(var node) -> "turn over of " + node;
      case ClusterAction.Await await -> "await " + await.what();
      default -> throw new IllegalStateException(action.toString());
    };
  }
}
