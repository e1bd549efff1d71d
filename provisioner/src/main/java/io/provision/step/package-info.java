/**
 * Floor 2. The contract of a step: what it asks ({@link io.provision.step.Probes}), how it compares
 * ({@link io.provision.step.Check}), what would mend it ({@link io.provision.step.Repair}), and
 * what it tells others ({@link io.provision.step.Output}). Never imports the engine or an adapter.
 *
 * <p>What hosts have together ({@link io.provision.step.Group}) is a kind of step on each of them
 * ({@link io.provision.step.GroupStep}) and no {@link io.provision.step.Target} of its own, as the
 * cluster is. A target has a walk, a look, a lock and an order of its own: members would be looked
 * at in the one exec that each of them costs and again for the group, the lock of a group would be
 * those of all its members, which are taken by their names, and every step on a host behind one on
 * the group would be a barrier that nothing but the playbook's order asks for. Who acts, and what
 * is said of the others, is 86 lines in two files as it is; a fourth target is one more case at
 * each of the 14 places in the engine, the loader and the command line that tell targets apart, and
 * these two files remain.
 */
@NullMarked
package io.provision.step;

import org.jspecify.annotations.NullMarked;
