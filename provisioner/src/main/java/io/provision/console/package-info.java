/**
 * Floor 5. Events become a terminal's live view, plain lines, JSON Lines, JUnit XML and a plan to
 * read; the only package that touches the standard streams. Never imports adapters or steps.
 */
@NullMarked
package io.provision.console;

import org.jspecify.annotations.NullMarked;
