package io.provision.steps.gluster.pool;

import io.provision.model.HostName;
import io.provision.step.Check;
import io.provision.step.Group;
import io.provision.step.GroupStep;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Target;
import java.util.Optional;

/** What the storage hosts have together: the pool, and its volumes. */
public interface PoolStep extends GroupStep {
  @Override
  default Group group(Target.OnHost target) {
    return DeclaredStorage.concerns(target)
        ? Group.of(DeclaredStorage.storage(target.inventory()))
        : Group.NONE;
  }

  @Override
  default Optional<HostName> actor(Target.OnHost target, Known known) {
    return PoolView.of(target.inventory(), known).actor();
  }

  /** Who got as far as this step has told of itself, and could act. */
  @Override
  default Check helpless(Target.OnHost target, Observations seen, Known known) {
    return GlusterIdentity.unanswered(seen);
  }

  @Override
  default Check outside(Target.OnHost target, Observations seen, Known known) {
    return DeclaredStorage.NO_VOLUMES;
  }
}
