/**
 * Floor 40, a room of steps.gluster. What has left the inventory: hosts, volumes, mounts, names.
 */
@NullMarked
package io.provision.steps.gluster.leave;

import org.jspecify.annotations.NullMarked;
