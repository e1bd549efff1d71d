/**
 * Whether the pods of a node fit on the others: the arithmetic of a scheduler, as far as it says
 * whether a pod can be placed at all, and what else keeps it from going.
 */
@NullMarked
package io.provision.steps.kubernetes.placement;

import org.jspecify.annotations.NullMarked;
