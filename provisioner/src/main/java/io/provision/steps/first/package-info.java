/** The first look at hosts that are in no inventory, and the inventory that it suggests. */
@NullMarked
package io.provision.steps.first;

import org.jspecify.annotations.NullMarked;
