/**
 * Floor 4. Kubernetes, whoever distributes it: who is what in a cluster, who begins it and who
 * joins through whom, what its API says, and the steps that every cluster has. What a distribution
 * has its own way of is a {@link io.provision.steps.kubernetes.Distribution}.
 */
@NullMarked
package io.provision.steps.kubernetes;

import org.jspecify.annotations.NullMarked;
