/** Floor 0. How the power of a host is cut and given, as an inventory says it. */
@NullMarked
package io.provision.model.power;

import org.jspecify.annotations.NullMarked;
