/**
 * What kubeadm's API servers read from files of their hosts: the keys of Secrets, and the policy of
 * their log of requests. Both are there before the control plane begins, and stay as they are while
 * it lives.
 */
@NullMarked
package io.provision.steps.kubeadm.apiserver;

import org.jspecify.annotations.NullMarked;
