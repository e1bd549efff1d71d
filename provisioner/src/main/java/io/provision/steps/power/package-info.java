/** Floor 40. What an inventory says of the power of its hosts; nothing is done on them by it. */
@NullMarked
package io.provision.steps.power;

import org.jspecify.annotations.NullMarked;
