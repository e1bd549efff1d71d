/** By which names nodes find the API, and pods the world. */
@NullMarked
package io.provision.steps.kubeadm.names;

import org.jspecify.annotations.NullMarked;
