/** What a status shows of nodes and pods. */
@NullMarked
package io.provision.steps.kubernetes.status;

import org.jspecify.annotations.NullMarked;
