/**
 * Floor 4. k3s: its binary and images, its configuration, tokens and units, and the nodes they
 * make. Servers and agents wait for each other's outputs, which {@link io.provision.steps.k3s.K3s}
 * declares; never for each other.
 */
@NullMarked
package io.provision.steps.k3s;

import org.jspecify.annotations.NullMarked;
