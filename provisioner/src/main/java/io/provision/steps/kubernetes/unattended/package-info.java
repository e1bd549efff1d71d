/**
 * Floor 4, a room of steps.kubernetes. What a rotation that runs in the cluster itself has there:
 * its objects are put there, and taken away.
 */
@NullMarked
package io.provision.steps.kubernetes.unattended;

import org.jspecify.annotations.NullMarked;
