/** MetalLB: addresses for services, announced in the network of the nodes. */
@NullMarked
package io.provision.steps.metallb;

import org.jspecify.annotations.NullMarked;
