package io.provision.steps.kubeadm;

import io.provision.remote.ShellFunction;
import io.provision.steps.kubeadm.etcd.EtcdScripts;
import io.provision.steps.kubernetes.Kubectl;
import java.util.List;

/** How kubeadm upgrades what of a node is not its kubelet. */
final class UpgradeScripts {

  /**
   * {@code put_manifests_back}: kubeadm moves a manifest away and the new one to its place; where
   * it was ended in between, the old one comes back from where it keeps it (kubernetes,
   * cmd/kubeadm/app/phases/upgrade/staticpods.go).
   */
  static final ShellFunction PUT_BACK =
      new ShellFunction(
          "put_manifests_back",
          """
          for name in etcd kube-apiserver kube-controller-manager kube-scheduler; do
            manifest=/etc/kubernetes/manifests/$name.yaml
            [ -s "$manifest" ] && continue
            kept=$(ls -t /etc/kubernetes/tmp/kubeadm-backup-manifests*/"$name.yaml" 2>/dev/null | head -n 1)
            [ -n "$kept" ] || {
              echo "hint: write it by 'kubeadm init phase control-plane' (or 'etcd local'), with /etc/kubernetes/provision/init.yaml" >&2
              echo "$manifest is not there, and no copy of it in /etc/kubernetes/tmp" >&2
              return 1
            }
            say "$manifest comes back from $kept"
            fresh=/etc/kubernetes/provision/$name.yaml.fresh
            (umask 077 && try cp -- "$kept" "$fresh") && try sync "$fresh" && try mv -f -- "$fresh" "$manifest" || return
          done\
          """);

  /**
   * {@code thin_kubeadm_copies}: each upgrade of a control plane leaves a copy of its manifests,
   * and one of the whole data of etcd, in a directory that is named by the time (kubernetes,
   * cmd/kubeadm/app/constants, CreateTimestampDir); kubeadm takes none away. Three of the first and
   * one of the other stay; what has any other name is nobody's here. Called where all is well: a
   * manifest that is moved away later is in a newer one.
   */
  static final ShellFunction THIN =
      new ShellFunction(
          "thin_kubeadm_copies",
          """
          for kept in manifests/3 etcd/1; do
            ls -1 /etc/kubernetes/tmp 2>/dev/null | head -n 10000 |
              grep -x "kubeadm-backup-${kept%/*}-20[0-9][0-9]-[01][0-9]-[0-3][0-9]-[0-2][0-9]-[0-5][0-9]-[0-5][0-9]" |
              sort -r | tail -n "+$((${kept#*/} + 1))" | while IFS= read -r name; do
              copy=/etc/kubernetes/tmp/$name
              [ -d "$copy" ] && [ ! -L "$copy" ] || continue
              say "deleting $copy, an older copy of kubeadm's"
              find "$copy" -xdev -depth -delete 2>/dev/null ||
                say "note: $copy, an older copy of kubeadm's, cannot be deleted"
            done
          done
          return 0\
          """);

  /** {@code await_ready_api}: five minutes, then why not. */
  static final ShellFunction AWAIT_API =
      new ShellFunction(
          "await_ready_api",
          """
          left=150
          while [ "$left" -gt 0 ]; do
            kubeadm_ready && return 0
            [ "$left" -ne 149 ] || say "waiting for the API server of this host, five minutes at most"
            left=$((left - 1))
            sleep 2
          done
          explain_control_plane >&2
          echo "the API server of this host is not ready within five minutes" >&2
          return 1\
          """,
          List.of(KubeadmLooks.READY, KubeadmFailure.EXPLAIN));

  /** {@code cluster_version}: which one kubeadm says the cluster has. */
  private static final ShellFunction CLUSTER_VERSION =
      new ShellFunction(
          "cluster_version",
          """
          admin_kubectl /usr/local/bin/kubectl /etc/kubernetes/admin.conf get configmap kubeadm-config -n kube-system \\
            -o 'go-template={{.data.ClusterConfiguration}}' 2>/dev/null </dev/null | head -c 100000 |
            sed -n 's/^kubernetesVersion: *//p' | head -n 1\
          """,
          List.of(Kubectl.ADMIN));

  /**
   * {@code upgrade_control_plane NODE VERSION FILE MARKER LEAST}: as FILE says. The first one keeps
   * a snapshot of the datastore before anything is changed, and changes what is the cluster's. The
   * file MARKER is there meanwhile: what an earlier run did not end is ended. etcd has to be well
   * before and after, and each of its members at least of the version LEAST.
   */
  static final ShellFunction CONTROL_PLANE =
      new ShellFunction(
          "upgrade_control_plane",
          """
          [ ! -e "$4" ] || put_manifests_back || return
          await_ready_api || return
          has=$(cluster_version)
          case $has in
            v[0-9]*.[0-9]*.[0-9]*) ;;
            *)
              echo "hint: 'kubeadm init phase upload-config kubeadm --config /etc/kubernetes/provision/init.yaml' on a control plane that is as it should be" >&2
              echo "the cluster does not say which version it has (kubeadm-config in kube-system)" >&2
              return 1
              ;;
          esac
          validate_kubeadm "$3" && etcd_is_well "$1" "$5" || return
          if [ "$has" != "$2" ] && [ ! -e "$4" ]; then
            kubeadm_snapshot "$1" "before-upgrade-to-$2" || return
          fi
          try touch -- "$4" && try sync "$4" || return
          if [ "$has" = "$2" ]; then
            run_kubeadm "${4%/*}/kubeadm.log" upgrade node --config "$3" || return
          else
            run_kubeadm "${4%/*}/kubeadm.log" upgrade apply --config "$3" --yes || return
          fi
          await_ready_api && etcd_is_well "$1" "" && try rm -f -- "$4" && thin_kubeadm_copies\
          """,
          List.of(
              PUT_BACK,
              THIN,
              AWAIT_API,
              CLUSTER_VERSION,
              KubeadmRun.VALIDATE,
              EtcdScripts.IS_WELL,
              EtcdScripts.SNAPSHOT,
              KubeadmRun.RUN));

  /** {@code upgrade_worker FILE LOG}: what its kubelet is to read. */
  static final ShellFunction WORKER =
      new ShellFunction(
          "upgrade_worker",
          "validate_kubeadm \"$1\" && run_kubeadm \"$2\" upgrade node --config \"$1\"",
          List.of(KubeadmRun.VALIDATE, KubeadmRun.RUN));

  private UpgradeScripts() {}
}
