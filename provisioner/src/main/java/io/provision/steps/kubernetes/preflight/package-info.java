/** What can be known of a host before a node is put on it. */
@NullMarked
package io.provision.steps.kubernetes.preflight;

import org.jspecify.annotations.NullMarked;
