/**
 * Floor 3. The vocabulary of desired state: file, directory, block of lines, package, unit, module,
 * sysctl, user, guarded command. Each {@link io.provision.resource.Piece} knows what to ask, how to
 * compare and what would mend it; pieces compose by {@link io.provision.resource.Pieces}. Never
 * imports the engine or an adapter.
 */
@NullMarked
package io.provision.resource;

import org.jspecify.annotations.NullMarked;
