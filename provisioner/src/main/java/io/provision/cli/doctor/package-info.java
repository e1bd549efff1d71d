/** The command that tells what will go wrong before anything is touched. */
@NullMarked
package io.provision.cli.doctor;

import org.jspecify.annotations.NullMarked;
