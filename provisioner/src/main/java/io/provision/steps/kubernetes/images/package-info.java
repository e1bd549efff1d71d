/** Images that things in the cluster need, from the operator's machine to the nodes. */
@NullMarked
package io.provision.steps.kubernetes.images;

import org.jspecify.annotations.NullMarked;
