/** Floor 40, a room of steps.gluster. Volumes mounted on hosts, and directories made in them. */
@NullMarked
package io.provision.steps.gluster.mount;

import org.jspecify.annotations.NullMarked;
