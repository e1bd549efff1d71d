/**
 * Floor 3. Packages of the host's system. {@link io.provision.resource.packages.Packages} is what
 * steps use; each package manager is one file behind it.
 */
@NullMarked
package io.provision.resource.packages;

import org.jspecify.annotations.NullMarked;
