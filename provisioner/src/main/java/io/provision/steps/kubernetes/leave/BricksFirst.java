package io.provision.steps.kubernetes.leave;

import io.provision.model.Inventory;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Orphan;
import io.provision.step.Target;
import io.provision.steps.gluster.leave.PoolExit;
import java.util.Optional;
import java.util.Set;

/**
 * A host that leaves gives up its bricks before anything is done about its node: what GlusterFS
 * refuses, or fails at, leaves the node as it was. A cluster that goes as a whole is not asked:
 * GlusterFS stays then.
 */
record BricksFirst(PoolExit exit) {
  /** Completes what is planned for a node. */
  private static final String THEN = "%s, after its bricks have left";

  static Set<Need> needs(Target target) {
    return Leaver.isCluster(target) ? Set.of() : PoolExit.needs(target.inventory());
  }

  /**
   * What holds of a departure; one that was not asked for waits for nobody.
   *
   * @param orphans what leaves together
   */
  static BricksFirst of(
      Inventory inventory, Set<Orphan> orphans, PoolExit.Leaver leaver, Known known) {
    var asked = known.removals().ask(orphans) && orphans.stream().noneMatch(Leaver::isCluster);
    return new BricksFirst(asked ? PoolExit.of(inventory, leaver, known) : new PoolExit.Free());
  }

  Optional<Check> refusal() {
    return switch (exit) {
      case PoolExit.Free(), PoolExit.First() -> Optional.empty();
      case PoolExit.Held(var why, var remedy) -> Optional.of(new Check.Refused(why, remedy));
    };
  }

  /** A change that comes once the bricks have left, where they have not yet. */
  Change before(Change.Action action, String subject, String from, String to) {
    return switch (exit) {
      case PoolExit.First() -> Change.of(action, subject, from, THEN.formatted(to));
      case PoolExit.Free(), PoolExit.Held _ -> Change.of(action, subject);
    };
  }
}
