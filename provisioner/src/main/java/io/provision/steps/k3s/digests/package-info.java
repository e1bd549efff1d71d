/** Digests of what is pinned of k3s, and of the tokens that hosts hold: never the tokens. */
@NullMarked
package io.provision.steps.k3s.digests;

import org.jspecify.annotations.NullMarked;
