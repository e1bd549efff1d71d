/** Whether the cluster hears of a host's kubelet. */
@NullMarked
package io.provision.steps.kubernetes.registration;

import org.jspecify.annotations.NullMarked;
