/**
 * A k3s that somebody else installed: what it runs with, and how that differs from what an
 * inventory says. Knows nothing of how k3s is installed here.
 */
@NullMarked
package io.provision.steps.k3s.adoption;

import org.jspecify.annotations.NullMarked;
