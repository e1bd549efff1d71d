/**
 * What stands behind a command on its line: options that several commands share, each with its
 * checks.
 */
@NullMarked
package io.provision.cli.option;

import org.jspecify.annotations.NullMarked;
