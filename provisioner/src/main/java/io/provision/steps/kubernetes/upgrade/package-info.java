/** How the nodes of a living cluster come to another version, whatever its distribution. */
@NullMarked
package io.provision.steps.kubernetes.upgrade;

import org.jspecify.annotations.NullMarked;
