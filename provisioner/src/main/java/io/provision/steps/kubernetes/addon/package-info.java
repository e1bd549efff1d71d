/** What runs in the cluster for as long as the inventory has its key: what is ours in it. */
@NullMarked
package io.provision.steps.kubernetes.addon;

import org.jspecify.annotations.NullMarked;
