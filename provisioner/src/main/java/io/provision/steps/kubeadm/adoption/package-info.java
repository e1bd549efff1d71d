/** What a cluster of kubeadm that somebody else made runs with, and what of it would be lost. */
@NullMarked
package io.provision.steps.kubeadm.adoption;

import org.jspecify.annotations.NullMarked;
