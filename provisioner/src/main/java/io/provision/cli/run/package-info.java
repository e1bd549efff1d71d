/**
 * What a command is given to work with: the program, what it read, who is there to be asked, and
 * the ways in which it can end.
 */
@NullMarked
package io.provision.cli.run;

import org.jspecify.annotations.NullMarked;
