/**
 * The etcd of kubeadm's control planes: what is done to its members, what they say of themselves,
 * and what of that shuts a gate.
 */
@NullMarked
package io.provision.steps.kubeadm.etcd;

import org.jspecify.annotations.NullMarked;
