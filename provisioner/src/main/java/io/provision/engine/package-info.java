/**
 * Floor 4. Looks, compares, repairs, looks again: the only one who says "changed". Speaks in {@link
 * io.provision.engine.RunEvent}s and never prints. Imports neither steps nor adapters.
 */
@NullMarked
package io.provision.engine;

import org.jspecify.annotations.NullMarked;
