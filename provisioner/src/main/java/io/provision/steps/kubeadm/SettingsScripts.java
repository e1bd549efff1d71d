package io.provision.steps.kubeadm;

import io.provision.remote.ShellFunction;
import io.provision.steps.kubeadm.etcd.EtcdScripts;
import io.provision.steps.kubernetes.Kubectl;
import java.util.List;

/**
 * How settings of a node that lives are changed: first in the cluster, so that no join and no
 * upgrade puts the old ones back, then on the node, by kubeadm
 * (kubernetes.io/docs/tasks/administer-cluster/kubeadm/kubeadm-reconfigure). kubeadm asks any API
 * server whether what it changed runs: so that of this host is asked after it.
 */
final class SettingsScripts {
  /** {@code begin_change MARKER}: what a run began that is killed is gone on with. */
  static final ShellFunction BEGIN =
      new ShellFunction(
          "begin_change", "try mkdir -p -- \"${1%/*}\" && try touch -- \"$1\" && try sync \"$1\"");

  /** {@code end_change MARKER FILE}: FILE is what it was changed by. */
  static final ShellFunction END =
      new ShellFunction("end_change", "try rm -f -- \"$2\" && try rm -f -- \"$1\"");

  /** {@code upload_settings NEXT LOG}: the cluster keeps what NEXT says of it. */
  private static final ShellFunction UPLOAD =
      new ShellFunction(
          "upload_settings",
          """
          run_kubeadm "$2" init phase upload-config kubeadm --config "$1" &&
            run_kubeadm "$2" init phase upload-config kubelet --config "$1"\
          """,
          List.of(KubeadmRun.RUN));

  /**
   * {@code proxies_go_on}: whether a pod of kube-proxy runs with what its DaemonSet says by now:
   * the next one is made anew only then, or there is no next one.
   */
  private static final ShellFunction GO_ON =
      new ShellFunction(
          "proxies_go_on",
          """
          is=$(admin_kubectl /usr/local/bin/kubectl /etc/kubernetes/admin.conf -n kube-system get daemonset kube-proxy \\
            -o 'go-template={{.metadata.generation}} {{.status.observedGeneration}} {{.status.desiredNumberScheduled}} {{.status.updatedNumberScheduled}} {{.status.numberAvailable}}' 2>/dev/null </dev/null | head -c 200)
          set -f
          set -- $is
          set +f
          [ "$#" -eq 5 ] && [ "$1" = "$2" ] || return 1
          case $3:$4:$5: in :* | *::* | *[!0-9:]*) return 1 ;; esac
          [ "$4" -ge 2 ] || { [ "$3" -eq "$4" ] && [ "$3" -eq "$5" ]; }\
          """,
          List.of(Kubectl.ADMIN));

  /**
   * {@code change_proxies NEXT LOG DIGEST}: a pod of kube-proxy reads its file when it starts; they
   * start anew one after another, as the DaemonSet has it, by an annotation with the DIGEST of what
   * they read: the same one starts none. That they go on is waited for, and not that all are
   * through: a node that is off would hold up all others.
   */
  private static final ShellFunction PROXIES =
      new ShellFunction(
          "change_proxies",
          """
          run_kubeadm "$2" init phase addon kube-proxy --config "$1" || return
          try admin_kubectl /usr/local/bin/kubectl /etc/kubernetes/admin.conf -n kube-system patch daemonset kube-proxy \\
            -p '{"spec":{"template":{"metadata":{"annotations":{"provision.io/configuration":"'"$3"'"}}}}}' >/dev/null || return
          say "the pods of kube-proxy start anew, one after another (3 minutes at most for the first)"
          left=90
          while [ "$left" -gt 0 ]; do
            proxies_go_on && return 0
            left=$((left - 1))
            sleep 2
          done
          say "note: the first pod of kube-proxy does not run with its new settings, so that the others keep theirs: kubectl -n kube-system get pods -l k8s-app=kube-proxy -o wide"\
          """,
          List.of(KubeadmRun.RUN, Kubectl.ADMIN, GO_ON));

  /**
   * {@code await_kubelet}: it runs for 20 s after it was started; one that does not take its
   * configuration ends within seconds, and its Node stays Ready for most of a minute.
   */
  static final ShellFunction AWAIT_KUBELET =
      new ShellFunction(
          "await_kubelet",
          """
          since= count=0 left=60
          while [ "$left" -gt 0 ]; do
            state=$(systemctl show -p InvocationID,SubState -- kubelet.service | head -c 200)
            case $state in
              *SubState=running*)
                [ "$state" != "$since" ] || count=$((count + 1))
                [ -z "$since" ] || [ "$state" = "$since" ] || break
                since=$state
                [ "$count" -lt 10 ] || return 0
                ;;
              *SubState=auto-restart* | *SubState=failed* | *SubState=dead*) break ;;
            esac
            left=$((left - 1))
            [ "$left" -ne 59 ] || say "waiting 20 s whether the kubelet stays up"
            sleep 2
          done
          journalctl -q --no-pager -n 5 -o cat -u kubelet.service 2>/dev/null | tr -d '\\000' | tail -n 5 | cut -c 1-400 >&2
          echo "hint: set it back in the inventory and run the same command again, or fix it there" >&2
          echo "the kubelet does not stay up with its settings" >&2
          return 1\
          """);

  /**
   * {@code mend_control_plane NEXT LOG}: what a run left half done becomes what NEXT says without
   * any API server, for ours may be the one that does not start, and etcd is asked through its
   * kubelet.
   */
  private static final ShellFunction MEND =
      new ShellFunction(
          "mend_control_plane",
          """
          put_manifests_back || return
          run_kubeadm "$2" init phase kubelet-start --config "$1" && await_kubelet || return
          kubeadm_ready || run_kubeadm "$2" init phase control-plane apiserver --config "$1"\
          """,
          List.of(UpgradeScripts.PUT_BACK, KubeadmRun.RUN, AWAIT_KUBELET, KubeadmLooks.READY));

  /**
   * {@code change_control_plane NODE NEXT FILE LOG LEADS PROXIES BROKEN}: with the configuration
   * NEXT, as FILE says. Who LEADS changes what is the cluster's, before; who has a digest for
   * PROXIES changes those after that. What is BROKEN by an earlier run is mended first. etcd has to
   * be well before and after.
   */
  static final ShellFunction CONTROL_PLANE =
      new ShellFunction(
          "change_control_plane",
          """
          validate_kubeadm "$2" && validate_kubeadm "$3" || return
          [ "$7" != yes ] || mend_control_plane "$2" "$4" || return
          await_ready_api && etcd_is_well "$1" "" || return
          [ "$5" != yes ] || upload_settings "$2" "$4" || return
          run_kubeadm "$4" upgrade node --config "$3" || return
          await_ready_api && etcd_is_well "$1" "" || return
          thin_kubeadm_copies
          [ -z "$6" ] || change_proxies "$2" "$4" "$6"\
          """,
          List.of(
              MEND,
              UpgradeScripts.AWAIT_API,
              UpgradeScripts.THIN,
              KubeadmRun.VALIDATE,
              EtcdScripts.IS_WELL,
              UPLOAD,
              KubeadmRun.RUN,
              PROXIES));

  private SettingsScripts() {}
}
