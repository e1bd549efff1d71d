/** Nodes that are rebooted one after another, whatever their distribution. */
@NullMarked
package io.provision.steps.kubernetes.rotation;

import org.jspecify.annotations.NullMarked;
