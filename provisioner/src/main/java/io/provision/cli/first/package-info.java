/** The command that writes a first inventory. */
@NullMarked
package io.provision.cli.first;

import org.jspecify.annotations.NullMarked;
