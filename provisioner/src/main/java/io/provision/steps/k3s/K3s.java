package io.provision.steps.k3s;

import io.provision.desk.DeskChange.ArtifactId;
import io.provision.model.Host;
import io.provision.step.Output;
import io.provision.step.Target;
import io.provision.steps.k3s.digests.Digests;
import io.provision.steps.k3s.digests.HeldTokens;
import io.provision.steps.k3s.digests.Tokens;
import io.provision.steps.kubernetes.Nodes;

/** Where k3s keeps its things, and what its hosts tell others of it. */
public final class K3s {
  static final String BINARY = "/usr/local/bin/k3s";
  static final String FOLDER = "/etc/rancher/k3s";
  static final String CONFIG = FOLDER + "/config.yaml";
  static final String REGISTRIES = FOLDER + "/registries.yaml";
  static final String SERVER_TOKEN = FOLDER + "/server-token";
  static final String AGENT_TOKEN = FOLDER + "/agent-token";
  static final String VERSION = FOLDER + "/version";
  static final String CORDONED = FOLDER + "/cordoned";
  static final String IMAGES = "/var/lib/rancher/k3s/agent/images/k3s-airgap-images.tar.zst";

  /** A server gave it to this node's kubelet. */
  static final String JOINED = "/var/lib/rancher/k3s/agent/kubelet.kubeconfig";

  /** The certificate of the authority that a node trusts. */
  static final String AUTHORITY = "/var/lib/rancher/k3s/agent/server-ca.crt";

  /** The digests of the tokens that a host was seen to have. */
  static final Output<HeldTokens> HELD_TOKENS = new Output<>("k3s-held-tokens", HeldTokens.class);

  /** The digests that are pinned for this version, by architecture. */
  static final Output<Digests> DIGESTS = new Output<>("k3s-digests", Digests.class);

  /** The digests of a server's tokens, never the tokens. */
  static final Output<Tokens> TOKENS = new Output<>("k3s-tokens", Tokens.class);

  private K3s() {}

  static String unit(Host host) {
    return Nodes.isServer(host) ? "k3s.service" : "k3s-agent.service";
  }

  static ArtifactId artifact(Target target, String arch, String file) {
    return new ArtifactId("k3s", Nodes.version(target).toString(), arch, file);
  }
}
