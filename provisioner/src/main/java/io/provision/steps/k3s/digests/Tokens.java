package io.provision.steps.k3s.digests;

import io.provision.model.Sha256;

/**
 * Digests of the two tokens of a cluster. They are of 256 random bits, so that a digest gives
 * nothing away.
 */
public record Tokens(Sha256 server, Sha256 agent) {}
