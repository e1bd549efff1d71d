package io.provision.steps.k3s;

import io.provision.model.Host;
import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import io.provision.step.Kind;
import io.provision.step.Question;

/** Whether the cluster has an agent as a node: a server's certificate alone makes none of it. */
enum Registration {
  /** There is a Node object of its name. */
  PRESENT,
  /** The API says that there is none. */
  ABSENT,
  /** No server answered it, or it has not joined. */
  UNTOLD;

  private static final int SECONDS = 5;

  /**
   * {@code k3s_registration KUBECONFIG NODE}: asks as the node's own kubelet, which may read its
   * own Node object (https://kubernetes.io/docs/reference/access-authn-authz/node/), by way of what
   * k3s has unpacked.
   */
  static final ShellFunction LOOK =
      new ShellFunction(
          "k3s_registration",
          """
          kubectl=/var/lib/rancher/k3s/data/current/bin/kubectl
          [ -x "$kubectl" ] && [ -s "$1" ] || return 0
          said=$(KUBECONFIG=$1 timeout %d "$kubectl" --cache-dir=/dev/null/none \\
            get --raw "/api/v1/nodes/$2" 2>&1 </dev/null | head -c 200 | tr -d '\\000')
          case $said in
            '{"kind":"Node",'*) echo present ;;
            *'(NotFound): nodes "'"$2"'" not found'*) echo absent ;;
          esac
          return 0\
          """
              .formatted(SECONDS));

  private static final Kind<Registration> KIND = Kind.single(LOOK, Registration::read);

  static Question<Registration> of(Host host) {
    return Question.of(KIND, K3s.JOINED, host.name().value());
  }

  private static Registration read(Frame frame) {
    return switch (frame.output().strip()) {
      case "present" -> PRESENT;
      case "absent" -> ABSENT;
      default -> UNTOLD;
    };
  }
}
