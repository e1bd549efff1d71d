/** Inventories of other tools: what of them can be carried over, and what cannot. */
@NullMarked
package io.provision.load.foreign;

import org.jspecify.annotations.NullMarked;
