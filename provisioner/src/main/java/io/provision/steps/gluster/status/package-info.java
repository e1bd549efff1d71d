/** Floor 40, a room of steps.gluster. What `gluster status` shows. */
@NullMarked
package io.provision.steps.gluster.status;

import org.jspecify.annotations.NullMarked;
