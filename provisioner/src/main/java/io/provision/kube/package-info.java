/**
 * Floor 1. The port to one cluster's API: read objects, apply them server-side, delete ours. As
 * with hosts, what looks ({@link io.provision.kube.ClusterQuestion}) and what changes ({@link
 * io.provision.kube.ClusterChange}) are different types. Objects are plain maps, lists and scalars;
 * comparing them is a pure function.
 */
@NullMarked
package io.provision.kube;

import org.jspecify.annotations.NullMarked;
