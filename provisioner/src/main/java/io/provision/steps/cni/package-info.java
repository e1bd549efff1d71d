/**
 * Floor 4. Network plugins of clusters that bring none along: their published manifests, with what
 * the inventory says of the network laid over them.
 */
@NullMarked
package io.provision.steps.cni;

import org.jspecify.annotations.NullMarked;
