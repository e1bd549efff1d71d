/** The container runtime of a host as Kubernetes needs it, and the registries that it asks. */
@NullMarked
package io.provision.steps.kubeadm.runtime;

import org.jspecify.annotations.NullMarked;
