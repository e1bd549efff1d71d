package io.provision.steps.kubeadm.absence;

import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.step.Absence;
import io.provision.step.Repair;
import io.provision.step.Target;
import io.provision.steps.kubeadm.KubeadmDistribution;
import io.provision.steps.kubernetes.Nodes;
import java.time.Duration;
import java.util.List;

/**
 * The API server of a control plane ends before its host does. systemd ends it, etcd and containerd
 * at one moment: without etcd it logs much, without containerd nobody reads that, and it stands
 * still with the port open until it is killed after 90 s (seen with v1.36.2 and containerd 1.6).
 * Kubelets that are connected to it find out so late that their nodes count as not ready. Its etcd
 * ends next, while its peers can still hear that it hands leadership on, as it does by itself at
 * SIGTERM ({@code EtcdServer.Stop}): else they find out by an election.
 */
public record KubeadmAbsence() implements Absence {
  /** {@code api_servers}: the process ids of those that run here. */
  private static final ShellFunction RUNNING =
      new ShellFunction(
          "api_servers",
          """
          for directory in /proc/[0-9]*; do
            name=
            { read -r name <"$directory/comm"; } 2>/dev/null
            [ "$name" != kube-apiserver ] || echo "${directory##*/}"
          done
          return 0\
          """);

  /** {@code kubeadm_etcd}: the process ids of the member that kubeadm has put here. */
  private static final ShellFunction ETCD =
      new ShellFunction(
          "kubeadm_etcd",
          """
          for directory in /proc/[0-9]*; do
            name=
            { read -r name <"$directory/comm"; } 2>/dev/null
            [ "$name" = etcd ] || continue
            ! tr '\\0' '\\n' 2>/dev/null <"$directory/cmdline" | head -c 100000 | grep -q '=/etc/kubernetes/pki/etcd/' ||
              echo "${directory##*/}"
          done
          return 0\
          """);

  /** {@code pause_etcd}: what has not ended after 20 s ends with its host. */
  private static final ShellFunction END_ETCD =
      new ShellFunction(
          "pause_etcd",
          """
          pids=$(kubeadm_etcd)
          [ -n "$pids" ] || return 0
          say "ending its etcd, which hands leadership on (20 s at most)"
          kill $pids 2>/dev/null
          etcd_left=20
          while kill -0 $pids 2>/dev/null && [ "$etcd_left" -gt 0 ]; do
            etcd_left=$((etcd_left - 1))
            sleep 1
          done
          return 0\
          """,
          List.of(ETCD));

  /**
   * {@code pause_api_server}: it listens no more at once, and serves those that are connected until
   * it is killed, after as long as the kubelet gives it.
   */
  private static final ShellFunction END =
      new ShellFunction(
          "pause_api_server",
          """
          systemctl stop kubelet.service || {
            say "its kubelet does not stop, and would begin its API server again: both end with the host"
            return 0
          }
          [ -n "$(api_servers)" ] || {
            pause_etcd
            return
          }
          say "ending its API server while etcd runs, so that its clients go on with the others at once (30 s at most)"
          kill $(api_servers) 2>/dev/null
          left=30
          while pids=$(api_servers) && [ -n "$pids" ]; do
            left=$((left - 1))
            [ "$left" -gt 0 ] || {
              kill -9 $pids 2>/dev/null
              break
            }
            sleep 1
          done
          pause_etcd\
          """,
          List.of(RUNNING, END_ETCD));

  /** {@code resume_api_server}: the kubelet begins both; after a boot they run already. */
  private static final ShellFunction RESUME =
      new ShellFunction("resume_api_server", "try systemctl start kubelet.service");

  @Override
  public List<Repair.AwaitHosts> beforeItGoes(Target.OnHost target, Duration patience) {
    return List.of();
  }

  @Override
  public List<Repair> asItGoes(Target.OnHost target) {
    return concerns(target)
        ? List.of(new Repair.OnHost(Script.of(END).within(Duration.ofMinutes(5))))
        : List.of();
  }

  @Override
  public List<Repair> onceItStays(Target.OnHost target) {
    return concerns(target) ? List.of(new Repair.OnHost(Script.of(RESUME))) : List.of();
  }

  @Override
  public List<Repair.AwaitHosts> onceItIsBack(Target.OnHost target, Duration patience) {
    return List.of();
  }

  private static boolean concerns(Target.OnHost target) {
    return Nodes.isServer(target.host())
        && target.cluster().distribution().equals(KubeadmDistribution.DECLARED);
  }
}
