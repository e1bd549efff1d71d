/**
 * Floor 40. Hosts that are rebooted one after another, whatever runs on them: those that are no
 * nodes, and what nodes have in common with them.
 */
@NullMarked
package io.provision.steps.rotation;

import org.jspecify.annotations.NullMarked;
