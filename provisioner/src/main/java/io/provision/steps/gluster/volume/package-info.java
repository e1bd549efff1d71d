/**
 * Floor 40, a room of steps.gluster. Volumes: made, with their options, started, online and
 * rebalanced.
 */
@NullMarked
package io.provision.steps.gluster.volume;

import org.jspecify.annotations.NullMarked;
