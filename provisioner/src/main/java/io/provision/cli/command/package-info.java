/** What a person types: a command is one file and does its own work. */
@NullMarked
package io.provision.cli.command;

import org.jspecify.annotations.NullMarked;
