package io.provision.steps.k3s;

import io.provision.model.Sha256;
import java.util.Optional;

/** Digests of the files of tokens, as far as a host has them. */
record HeldTokens(Optional<Sha256> server, Optional<Sha256> agent) {

  /** Both, where both are there. */
  Optional<Tokens> both() {
    return server.flatMap(ofServers -> agent.map(ofAgents -> new Tokens(ofServers, ofAgents)));
  }
}
