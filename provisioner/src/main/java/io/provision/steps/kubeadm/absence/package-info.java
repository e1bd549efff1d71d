/** What a control plane of kubeadm does where its host goes away for a while. */
@NullMarked
package io.provision.steps.kubeadm.absence;

import org.jspecify.annotations.NullMarked;
