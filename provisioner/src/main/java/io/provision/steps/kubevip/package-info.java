/** Floor 4. kube-vip: one address that is carried among the control planes. */
@NullMarked
package io.provision.steps.kubevip;

import org.jspecify.annotations.NullMarked;
