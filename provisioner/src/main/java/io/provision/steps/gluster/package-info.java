/**
 * Floor 4. GlusterFS: pool, bricks, volumes, mounts, and the gate that says whether a host may be
 * taken down. Only what {@code gluster --xml} answers counts, and of that only {@code opRet}: exit
 * codes are 0 for commands that failed. What cannot be read is unknown, and unknown is never
 * healthy. Imports no other area but the outputs of {@code os}, no engine and no adapter.
 */
@NullMarked
package io.provision.steps.gluster;

import org.jspecify.annotations.NullMarked;
