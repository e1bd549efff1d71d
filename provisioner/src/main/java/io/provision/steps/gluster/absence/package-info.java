/**
 * Floor 40, a room of steps.gluster. What GlusterFS asks and does where one of its hosts goes away
 * for a while.
 */
@NullMarked
package io.provision.steps.gluster.absence;

import org.jspecify.annotations.NullMarked;
