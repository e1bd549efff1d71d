/**
 * The datastore of a cluster as such: snapshots of it, and what they are useless without. Steps
 * take one before they take a member out.
 */
@NullMarked
package io.provision.steps.kubernetes.etcd;

import org.jspecify.annotations.NullMarked;
