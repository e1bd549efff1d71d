/** Certificates of nodes: when each of them ends, and that they are renewed before. */
@NullMarked
package io.provision.steps.kubernetes.certificates;

import org.jspecify.annotations.NullMarked;
