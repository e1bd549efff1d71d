/** Where the cluster's own DNS runs. */
@NullMarked
package io.provision.steps.kubernetes.dns;

import org.jspecify.annotations.NullMarked;
