package io.provision.steps.kubeadm;

import io.provision.model.Sha256;

/**
 * The authority of a cluster, by the digest of its certificate's file, which is the same on every
 * node.
 */
record Authority(Sha256 certificate) {}
