package io.provision.engine.event;

import java.util.List;

/** Asks the operator about what a run would remove, before it takes any lock. */
@FunctionalInterface
public interface RemovalPrompt {
  /** Nobody is there to ask, and nobody has agreed beforehand: nothing is removed. */
  RemovalPrompt REFUSE = _ -> false;

  /** Whether all of it may be removed. */
  boolean agrees(List<Removal> removals);
}
