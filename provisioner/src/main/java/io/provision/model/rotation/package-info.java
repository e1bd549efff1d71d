/** Floor 0. What an inventory says of the reboots of its nodes. */
@NullMarked
package io.provision.model.rotation;

import org.jspecify.annotations.NullMarked;
