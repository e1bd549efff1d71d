/** What apt is told of repositories. */
@NullMarked
package io.provision.steps.os.apt;

import org.jspecify.annotations.NullMarked;
