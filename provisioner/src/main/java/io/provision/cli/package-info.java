/**
 * Floor 6, the top. Where the program begins: the list of commands, who finds the one that was
 * typed, and the one file that wires the object graph by hand. Its rooms: {@code command}, {@code
 * option}, {@code run}; each knows those behind it only.
 */
@NullMarked
package io.provision.cli;

import org.jspecify.annotations.NullMarked;
