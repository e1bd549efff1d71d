/**
 * Floor 40, a room of steps.gluster. The pool: who each host is, what it knows of the others, and
 * how hosts join. The rooms for bricks, volumes, mounts and what leaves are built on it.
 */
@NullMarked
package io.provision.steps.gluster.pool;

import org.jspecify.annotations.NullMarked;
