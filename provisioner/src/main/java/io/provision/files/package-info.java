/**
 * Floor 1. Files of the operator's machine, whatever lies in their place: every read is bounded and
 * can be interrupted, what others could have written is told apart, and what is written is there
 * whole or not at all. Knows the JDK only.
 */
@NullMarked
package io.provision.files;

import org.jspecify.annotations.NullMarked;
