/** Nodes that leave a cluster: out of it first, then off their hosts. */
@NullMarked
package io.provision.steps.kubernetes.leave;

import org.jspecify.annotations.NullMarked;
