/**
 * Floor 6, the top. What a person types: one class for each command, the table of exit codes, and
 * the one file that wires the object graph by hand.
 */
@NullMarked
package io.provision.cli;

import org.jspecify.annotations.NullMarked;
