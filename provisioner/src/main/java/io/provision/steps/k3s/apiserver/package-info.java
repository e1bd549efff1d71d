/**
 * The API server within k3s: what it is started with, and how it encrypts Secrets. Floor 4; knows
 * paths of k3s, and no step of it.
 */
@NullMarked
package io.provision.steps.k3s.apiserver;

import org.jspecify.annotations.NullMarked;
