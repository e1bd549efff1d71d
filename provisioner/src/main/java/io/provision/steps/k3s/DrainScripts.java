package io.provision.steps.k3s;

import io.provision.remote.ShellFunction;
import io.provision.resource.UnitFailure;
import java.util.List;

/**
 * How a node is emptied, and taken back into use. That a cordon is ours stands in two places: in a
 * file on the node, which the look sees, and in an annotation of the Node, without which nothing is
 * uncordoned; so a killed run is finished, and a cordon of somebody else stays.
 */
final class DrainScripts {
  /** Runs kubectl with {@code $kubeconfig}, as the running k3s has unpacked it. */
  private static final ShellFunction KUBECTL =
      new ShellFunction(
          "node_kubectl",
          """
          KUBECONFIG=$kubeconfig /var/lib/rancher/k3s/data/current/bin/kubectl \\
            --cache-dir=/dev/null/none --request-timeout=20s "$@"\
          """);

  private static final ShellFunction RELEASE =
      new ShellFunction(
          "release_node",
          """
          [ -e /etc/rancher/k3s/cordoned ] || return 0
          ours=$(node_kubectl get node "$1" -o \\
            'go-template={{with .metadata.annotations}}{{index . "provision.io/cordoned"}}{{end}}') || return 1
          if [ "$ours" = upgrade ]; then
            node_kubectl uncordon "$1" >/dev/null &&
              node_kubectl annotate node "$1" provision.io/cordoned- >/dev/null || return 1
          fi
          rm -f /etc/rancher/k3s/cordoned\
          """,
          List.of(KUBECTL));

  private static final ShellFunction EMPTY =
      new ShellFunction(
          "empty_node",
          """
          is=$(node_kubectl get node "$1" -o 'go-template={{.spec.unschedulable}}') || return 1
          if [ "$is" != true ]; then
            node_kubectl annotate --overwrite node "$1" provision.io/cordoned=upgrade >/dev/null &&
              : >/etc/rancher/k3s/cordoned && node_kubectl cordon "$1" >/dev/null || return 1
          fi
          say "draining $1"
          node_kubectl drain "$1" --ignore-daemonsets --delete-emptydir-data "--timeout=$2s" >&2 && return 0
          echo "$1 could not be drained within $2 s: the pods above stay, for example for a PodDisruptionBudget" >&2
          release_node "$1"
          return 1\
          """,
          List.of(KUBECTL, RELEASE));

  private static final ShellFunction SETTLE =
      new ShellFunction(
          "settle_node",
          """
          left=$3
          say "waiting for $1 to be Ready with $2"
          while :; do
            is=$(node_kubectl get node "$1" -o \\
              'go-template={{range .status.conditions}}{{if eq .type "Ready"}}{{.status}}{{end}}{{end}} {{.status.nodeInfo.kubeletVersion}}' \\
              2>/dev/null)
            [ "$is" = "True $2" ] && break
            left=$((left - 1))
            if [ "$left" -le 0 ]; then
              echo "$1 is not Ready with $2 (it is '$is'); it stays cordoned: fix it, then run again" >&2
              explain_k3s "$4" >&2
              return 1
            fi
            sleep 1
          done
          release_node "$1"\
          """,
          List.of(KUBECTL, RELEASE, UnitFailure.HAS_FAILED, K3sFailure.EXPLAIN));

  /** Takes the payload as a kubeconfig, in memory and for as long as it is needed. */
  private static final ShellFunction BORROW =
      new ShellFunction(
          "borrow_kubeconfig",
          """
          rm -f /run/provision-drain.*
          kubeconfig=$(mktemp /run/provision-drain.XXXXXXXX) && head -c "$payload_1" >"$kubeconfig" && return 0
          echo "/run cannot be written" >&2
          return 1\
          """);

  /** {@code drain_server NODE SECONDS}. */
  static final ShellFunction DRAIN_SERVER =
      new ShellFunction(
          "drain_server",
          "kubeconfig=/etc/rancher/k3s/k3s.yaml\nempty_node \"$@\"",
          List.of(EMPTY));

  /** {@code drain_agent NODE SECONDS}; its payload is a kubeconfig. */
  static final ShellFunction DRAIN_AGENT =
      new ShellFunction(
          "drain_agent",
          """
          borrow_kubeconfig || return 1
          (empty_node "$@")
          status=$?
          rm -f "$kubeconfig"
          return "$status"\
          """,
          List.of(BORROW, EMPTY));

  /** {@code settle_server NODE VERSION SECONDS UNIT}. */
  static final ShellFunction SETTLE_SERVER =
      new ShellFunction(
          "settle_server",
          "kubeconfig=/etc/rancher/k3s/k3s.yaml\nsettle_node \"$@\"",
          List.of(SETTLE));

  /** {@code settle_agent NODE VERSION SECONDS UNIT}; its payload is a kubeconfig. */
  static final ShellFunction SETTLE_AGENT =
      new ShellFunction(
          "settle_agent",
          """
          borrow_kubeconfig || return 1
          (settle_node "$@")
          status=$?
          rm -f "$kubeconfig"
          return "$status"\
          """,
          List.of(BORROW, SETTLE));

  /**
   * {@code hand_over_drainer URL}: a kubeconfig for one hour that can only cordon, drain and label
   * nodes. An administrator's stays on the servers.
   */
  static final ShellFunction HAND_OVER =
      new ShellFunction(
          "hand_over_drainer",
          """
          token=$(echo '{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{"expirationSeconds":3600}}' |
            k3s_kubectl create --raw /api/v1/namespaces/kube-system/serviceaccounts/provision-drain/token -f - |
            tr -d '\\n' | sed -n 's/.*"token": *"\\([^"]*\\)".*/\\1/p')
          authority=$(sed -n 's/^ *certificate-authority-data: *//p' /etc/rancher/k3s/k3s.yaml | head -n 1)
          [ -n "$token" ] && [ -n "$authority" ] || {
            echo "the API server gave no token to drain agents with" >&2
            return 1
          }
          cat <<EOF
          apiVersion: v1
          kind: Config
          clusters:
          - name: c
            cluster:
              server: $1
              certificate-authority-data: $authority
          contexts:
          - name: c
            context:
              cluster: c
              user: u
          current-context: c
          users:
          - name: u
            user:
              token: $token
          EOF\
          """,
          List.of(K3sLooks.KUBECTL));

  private DrainScripts() {}
}
