package io.provision.steps.kubernetes.etcd;

import io.provision.remote.Frame;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Checks;
import io.provision.step.Kind;
import io.provision.step.Question;
import io.provision.step.Repair;
import io.provision.step.Target;
import io.provision.steps.kubernetes.Kubectl;
import java.util.List;
import java.util.Optional;

/**
 * What a restore that did not end has left on a server.
 *
 * @param archive from which the cluster was to begin there; empty where none is unfinished
 * @param forgotten nodes of the snapshot that are none any more, and are still to be taken out
 */
public record UnfinishedRestore(Optional<String> archive, List<String> forgotten) {
  private static final ShellFunction LOOK =
      new ShellFunction(
          "look_unfinished_restore",
          """
          [ ! -d /var/lib/provision/etcd/restoring ] || echo "restoring $(head -n 1 /var/lib/provision/etcd/restoring/archive 2>/dev/null | head -c 200)"
          [ ! -f /var/lib/provision/etcd/forget ] || head -c 20000 /var/lib/provision/etcd/forget | sed -n 's/^[a-z0-9][a-z0-9.-]*$/forget &/p'
          return 0\
          """);

  public static final Question<UnfinishedRestore> QUESTION =
      Question.of(Kind.single(LOOK, UnfinishedRestore::read));

  public UnfinishedRestore {
    forgotten = List.copyOf(forgotten);
  }

  static UnfinishedRestore read(Frame frame) {
    var lines = frame.output().lines().toList();
    return new UnfinishedRestore(
        lines.stream()
            .filter(line -> line.startsWith("restoring "))
            .map(line -> line.substring("restoring ".length()).strip())
            .findFirst(),
        lines.stream()
            .filter(line -> line.startsWith("forget "))
            .map(line -> line.substring("forget ".length()))
            .toList());
  }

  /** Why no cluster begins there now: it would be an empty one. */
  public Optional<Check> refusal(Target.OnHost target) {
    return archive.map(name ->
        new Check.Refused(
            "a restore of etcd%s began here and did not end: a cluster that began now would be another one"
                .formatted(name.isEmpty() ? "" : " from " + name),
            "go on with it: 'provision etcd restore INVENTORY ARCHIVE'; or, where '%s' is to be a new cluster, first remove %s there"
                .formatted(target.cluster().name(), RestoreScripts.FOLDER)));
  }

  /** The same check; where it begins the server, nodes that are none any more go with it. */
  public Check behind(Check check, Kubectl kubectl) {
    return check instanceof Check.Drift
        ? leftOver(kubectl).map(more -> Checks.together(check, more)).orElse(check)
        : check;
  }

  /** Of a server that answers: nodes that are none any more go; empty where none is left. */
  public Optional<Check> leftOver(Kubectl kubectl) {
    return forgotten.isEmpty()
        ? Optional.empty()
        : Optional.of(new Check.Drift(changes(), repair(kubectl)));
  }

  private List<Change> changes() {
    return forgotten.stream()
        .map(name ->
            Change.of(
                Change.Action.REMOVE, "node " + name, "as the snapshot has it", "joins again"))
        .toList();
  }

  private static Repair repair(Kubectl kubectl) {
    var call = kubectl.call(RestoreScripts.FORGET_NODES);
    return new Repair.OnHost(
        List.of(new Script(call, List.of(), Script.USUAL_DEADLINE.multipliedBy(2))), false);
  }
}
