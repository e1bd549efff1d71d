/**
 * A world of three hosts with a clock of its own, in which the steps of a rotation are run as they
 * are, whatever happens; and a watch that knows nothing of them.
 *
 * <p>Real are the steps with their checks and lists of repairs, what is done through the cluster's
 * API ({@link io.provision.kube.ClusterActions}), the reboot, and the gates' conditions on recorded
 * answers. Pretended are the executor and the engine's walk, in {@code Executor} and {@code Walk},
 * and what scripts come to on hosts, in {@code HostOfWorld}, by their names.
 */
@NullMarked
package io.provision.simulated;

import org.jspecify.annotations.NullMarked;
