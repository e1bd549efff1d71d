package io.provision.steps.kubeadm;

import io.provision.model.HostName;
import io.provision.remote.Call;
import io.provision.remote.Handoff;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import java.time.Duration;
import java.util.List;

/**
 * How a node joins: by a token that is made for the run and lives for minutes, and, where it
 * becomes a control plane, with the authorities of the cluster. Those go from a control plane to
 * the next by way of the operator's connections (kubeadm's "manual certificate distribution"), so
 * that no copy of them lies in the cluster and no certificate key is needed.
 */
final class KubeadmJoin {
  private static final Duration JOIN = Duration.ofMinutes(20);
  private static final String TOKEN_LIVES = "30m";

  /**
   * {@code print_authorities}: a line each, its path below the folder of certificates and base64.
   */
  private static final ShellFunction PRINT =
      new ShellFunction(
          "print_authorities",
          """
          for file in ca.crt ca.key sa.key sa.pub front-proxy-ca.crt front-proxy-ca.key etcd/ca.crt etcd/ca.key; do
            [ -f "/etc/kubernetes/pki/$file" ] || {
              echo "/etc/kubernetes/pki/$file is not there" >&2
              return 1
            }
            printf '%s %s\\n' "$file" "$(base64 -w 0 <"/etc/kubernetes/pki/$file")"
          done\
          """);

  private KubeadmJoin() {}

  /** As a worker, through this control plane. */
  static Script worker(HostName through) {
    return Script.of(KubeadmRun.JOIN, Kubeadm.JOIN, Kubeadm.JOINING)
        .with(token(through))
        .within(JOIN);
  }

  /** As a control plane, through this one. */
  static List<Script> server(HostName through) {
    return List.of(
        Script.of(KubeadmRun.TAKE_AUTHORITIES).with(new Handoff.Kept(through, Call.of(PRINT))),
        worker(through));
  }

  private static Handoff token(HostName through) {
    return new Handoff.Made(through, Script.of(KubeadmRun.MINT, TOKEN_LIVES));
  }
}
