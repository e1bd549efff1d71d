package io.provision.steps.kubeadm;

import io.provision.remote.ShellFunction;
import io.provision.resource.unit.UnitFailure;
import io.provision.steps.kubernetes.etcd.RemovedMember;
import java.util.List;

/** Why a control plane does not answer, in the words of its own programs. */
final class KubeadmFailure {

  /**
   * {@code etcd_was_removed}: by what etcd last said since it is a member here; it tries over and
   * over.
   */
  static final ShellFunction ETCD_REMOVED =
      new ShellFunction(
          "etcd_was_removed",
          """
          log=$(ls -t /var/log/pods/kube-system_etcd-*/etcd/*.log 2>/dev/null | head -n 1)
          [ -n "$log" ] && [ "$log" -nt /etc/kubernetes/manifests/etcd.yaml ] &&
            tail -n 50 "$log" | head -c 100000 | grep -q 'permanently removed from the cluster'\
          """);

  /** {@code explain_control_plane}: what the kubelet, etcd and the API server said last. */
  static final ShellFunction EXPLAIN =
      new ShellFunction(
          "explain_control_plane",
          """
          if etcd_was_removed; then
            explain_removed_member
            return 0
          fi
          if systemctl is-active --quiet kubelet.service; then
            for name in etcd kube-apiserver; do
              log=$(ls -t /var/log/pods/kube-system_"$name"-*/"$name"/*.log 2>/dev/null | head -n 1)
              if [ -z "$log" ]; then
                echo "reason: the kubelet runs, and no container of $name was started"
                echo "hint: look at what it says: journalctl -u kubelet"
                break
              fi
              printf '%s: %s\\n' "$name" "$(tail -n 1 "$log" | tr -d '\\000' | cut -c 1-400)"
            done
          else
            printf 'reason: the kubelet does not run: %s\\n' "$(unit_last_words kubelet.service | tail -n 1)"
          fi
          journalctl --no-pager -o cat -n 8 -u kubelet.service 2>/dev/null | cut -c 1-400
          return 0\
          """,
          List.of(UnitFailure.LAST_WORDS, ETCD_REMOVED, RemovedMember.EXPLAIN));

  private KubeadmFailure() {}
}
