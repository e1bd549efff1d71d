/**
 * Floor 4. What is published for Kubernetes and fetched by us: programs and manifests with pinned
 * digests, what we lay over a manifest, and what of it stays when it is not wanted any more. It
 * knows no distribution.
 */
@NullMarked
package io.provision.steps.kubernetes.published;

import org.jspecify.annotations.NullMarked;
