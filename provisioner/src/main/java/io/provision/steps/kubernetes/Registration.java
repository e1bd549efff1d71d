package io.provision.steps.kubernetes;

import io.provision.model.Host;
import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import io.provision.step.Kind;
import io.provision.step.Question;

/** Whether the cluster has an agent as a node: a server's certificate alone makes none of it. */
public enum Registration {
  /** There is a Node object of its name. */
  PRESENT,
  /** The API says that there is none. */
  ABSENT,
  /** No server answered it, or it has not joined. */
  UNTOLD;

  private static final int SECONDS = 5;

  /**
   * {@code node_registration KUBECTL KUBECONFIG NODE}: asks as the node's own kubelet, which may
   * read its own Node object (https://kubernetes.io/docs/reference/access-authn-authz/node/).
   */
  public static final ShellFunction LOOK =
      new ShellFunction(
          "node_registration",
          """
          [ -x "$1" ] && [ -s "$2" ] || return 0
          said=$(KUBECONFIG=$2 timeout %d "$1" --cache-dir=/dev/null/none \\
            get --raw "/api/v1/nodes/$3" 2>&1 </dev/null | head -c 200 | tr -d '\\000')
          case $said in
            '{"kind":"Node",'*) echo present ;;
            *'(NotFound): nodes "'"$3"'" not found'*) echo absent ;;
          esac
          return 0\
          """
              .formatted(SECONDS));

  private static final Kind<Registration> KIND = Kind.single(LOOK, Registration::read);

  /** Of this host, asked on it. */
  public static Question<Registration> of(Host host, Distribution distribution) {
    return Question.of(
        KIND,
        distribution.kubectl().program(),
        distribution.kubeletKubeconfig(),
        host.name().value());
  }

  private static Registration read(Frame frame) {
    return switch (frame.output().strip()) {
      case "present" -> PRESENT;
      case "absent" -> ABSENT;
      default -> UNTOLD;
    };
  }
}
