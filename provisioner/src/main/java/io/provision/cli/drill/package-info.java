/**
 * Floor 60. The drill: a node whose power is cut, what of a cluster was away meanwhile, and how
 * that is shown.
 */
@NullMarked
package io.provision.cli.drill;

import org.jspecify.annotations.NullMarked;
