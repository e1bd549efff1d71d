/**
 * Floor 5. The cluster port on fabric8's Kubernetes client, over the JDK's own HTTP client. Of
 * fabric8 only what talks to an API is loaded, none of its typed objects.
 */
@NullMarked
package io.provision.fabric8;

import org.jspecify.annotations.NullMarked;
