/** The cluster's own DNS: whether it answers on every node, and where it runs. */
@NullMarked
package io.provision.steps.kubernetes.dns;

import org.jspecify.annotations.NullMarked;
