/** The programs of Kubernetes as packages of their publisher's repository. */
@NullMarked
package io.provision.steps.kubeadm.packages;

import org.jspecify.annotations.NullMarked;
