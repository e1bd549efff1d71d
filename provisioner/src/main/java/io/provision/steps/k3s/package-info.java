/**
 * Floor 4. k3s, a distribution: its binary and images, its configuration, tokens and units. Servers
 * and agents wait for each other's outputs, which {@link io.provision.steps.kubernetes.Nodes}
 * declares; never for each other.
 */
@NullMarked
package io.provision.steps.k3s;

import org.jspecify.annotations.NullMarked;
