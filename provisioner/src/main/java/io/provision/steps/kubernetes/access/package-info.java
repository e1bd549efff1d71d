/** Who may use a cluster from a control plane of its. */
@NullMarked
package io.provision.steps.kubernetes.access;

import org.jspecify.annotations.NullMarked;
