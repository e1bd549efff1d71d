package io.provision.steps.kubeadm;

import io.provision.model.Sha256;
import io.provision.steps.kubernetes.certificates.AuthorityKey;
import java.util.Optional;

/**
 * The authority of a cluster, by the digest of its certificate's file, which is the same on every
 * node.
 *
 * @param key what people can compare it by
 */
record Authority(Sha256 certificate, Optional<AuthorityKey> key) {}
