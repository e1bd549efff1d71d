/**
 * Floor 40, a room of steps.gluster. Whether the data is whole: asked before anything that takes a
 * brick away for a while.
 */
@NullMarked
package io.provision.steps.gluster.gate;

import org.jspecify.annotations.NullMarked;
