/**
 * Floor 40, a room of steps.gluster. The daemon, the disks and the directories that volumes are
 * made of.
 */
@NullMarked
package io.provision.steps.gluster.brick;

import org.jspecify.annotations.NullMarked;
