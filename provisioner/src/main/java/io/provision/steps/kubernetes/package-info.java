/** Floor 3. Steps of every Kubernetes, whoever distributes it: what its API says of itself. */
@NullMarked
package io.provision.steps.kubernetes;

import org.jspecify.annotations.NullMarked;
