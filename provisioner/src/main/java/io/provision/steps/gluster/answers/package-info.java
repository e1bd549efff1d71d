/**
 * Floor 40, a room of steps.gluster. What GlusterFS' own command answers, read or said to be
 * unknown.
 */
@NullMarked
package io.provision.steps.gluster.answers;

import org.jspecify.annotations.NullMarked;
