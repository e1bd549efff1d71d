/**
 * Floor 2. The contract between commands and the datastore of a distribution's servers: snapshots
 * and how a cluster begins again from one, what its members say, and their upkeep.
 */
@NullMarked
package io.provision.step.datastore;

import org.jspecify.annotations.NullMarked;
