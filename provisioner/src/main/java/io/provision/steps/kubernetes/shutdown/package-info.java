/**
 * A room of steps.kubernetes. A cluster that goes down as a whole, in order, and comes up again;
 * hosts without Kubernetes too.
 */
@NullMarked
package io.provision.steps.kubernetes.shutdown;

import org.jspecify.annotations.NullMarked;
