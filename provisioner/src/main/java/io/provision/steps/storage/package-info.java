/**
 * Floor 4. Steps on the cluster's API: storage classes and volumes on GlusterFS mounts, and objects
 * of the user's own.
 */
@NullMarked
package io.provision.steps.storage;

import org.jspecify.annotations.NullMarked;
