/**
 * Floor 5. The operator's machine itself: kubeconfig files, published files with their pins, the
 * journal of a run. Carries out the port in {@link io.provision.desk} and knows nothing of hosts.
 */
@NullMarked
package io.provision.local;

import org.jspecify.annotations.NullMarked;
