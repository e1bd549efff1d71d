/**
 * Floor 4. Settings of the kubelet, kube-proxy and containerd that the inventory has, of the
 * cluster and of each host: what can be written, and what steps of every distribution read of it.
 * In which way a distribution takes them, it declares ({@link
 * io.provision.steps.kubernetes.settings.DeclaredPrograms}).
 */
@NullMarked
package io.provision.steps.kubernetes.settings;

import org.jspecify.annotations.NullMarked;
