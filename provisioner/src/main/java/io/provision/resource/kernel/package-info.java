/** What the kernel of a host is told: modules and sysctls, now and after a boot. Floor 3. */
@NullMarked
package io.provision.resource.kernel;

import org.jspecify.annotations.NullMarked;
