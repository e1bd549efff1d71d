/**
 * Floor 20, a room of step that is open to all above it: what areas ask and do where all hosts go
 * down together.
 */
@NullMarked
package io.provision.step.outage;

import org.jspecify.annotations.NullMarked;
