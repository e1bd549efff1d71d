/** What an object that is declared would change of the one that is there. */
@NullMarked
package io.provision.kube.comparison;

import org.jspecify.annotations.NullMarked;
