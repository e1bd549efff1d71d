/** Where a host is in the world: its time zone, and the locale of its programs. */
@NullMarked
package io.provision.steps.os.region;

import org.jspecify.annotations.NullMarked;
