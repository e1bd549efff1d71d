/**
 * What the inventory says of the API servers: which Secrets they encrypt in the datastore, and what
 * they write down of requests.
 */
@NullMarked
package io.provision.steps.kubernetes.apiserver;

import org.jspecify.annotations.NullMarked;
