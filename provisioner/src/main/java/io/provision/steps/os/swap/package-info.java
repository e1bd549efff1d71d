/** Swap that is in use and swap that a boot would bring back. */
@NullMarked
package io.provision.steps.os.swap;

import org.jspecify.annotations.NullMarked;
