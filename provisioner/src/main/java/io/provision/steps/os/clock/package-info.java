/** The clock of a host: which service keeps it, from where, and how far it is off. */
@NullMarked
package io.provision.steps.os.clock;

import org.jspecify.annotations.NullMarked;
