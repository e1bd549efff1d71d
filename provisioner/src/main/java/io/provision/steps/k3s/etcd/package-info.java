/** The datastore in k3s: snapshots of it, and what they are useless without. */
@NullMarked
package io.provision.steps.k3s.etcd;

import org.jspecify.annotations.NullMarked;
