/** What an inventory says of GlusterFS: its keys, what can be wrong with them, and the volumes. */
@NullMarked
package io.provision.steps.gluster.declared;

import org.jspecify.annotations.NullMarked;
