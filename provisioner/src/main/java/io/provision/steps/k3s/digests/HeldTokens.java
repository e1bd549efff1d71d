package io.provision.steps.k3s.digests;

import io.provision.model.Sha256;
import java.util.Optional;

/** Digests of the files of tokens, as far as a host has them. */
public record HeldTokens(Optional<Sha256> server, Optional<Sha256> agent) {

  /** Both, where both are there. */
  public Optional<Tokens> both() {
    return server.flatMap(ofServers -> agent.map(ofAgents -> new Tokens(ofServers, ofAgents)));
  }
}
