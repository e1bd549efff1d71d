/**
 * Floor 4. kubeadm, a distribution: Kubernetes as its publisher releases it, with containerd of the
 * host's system. Its programs and images, the container runtime, its configuration, and how a
 * control plane begins and a worker joins.
 */
@NullMarked
package io.provision.steps.kubeadm;

import org.jspecify.annotations.NullMarked;
