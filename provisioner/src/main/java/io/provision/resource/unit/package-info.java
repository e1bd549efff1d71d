/**
 * What a host's service manager runs: units, now and after a boot, with the files that they were
 * started with; and which service manager that is. Built of the pieces of {@code resource}, which
 * know nothing of it. Floor 3.
 */
@NullMarked
package io.provision.resource.unit;

import org.jspecify.annotations.NullMarked;
