package io.provision.steps.first;

import io.provision.remote.ShellFunction;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Kind;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Step;
import io.provision.step.Target;
import java.util.Set;

/** What a host is, as far as an inventory wants to know. Changes nothing. */
public record FirstLook() implements Step<Target.OnHost> {
  /** What a host said of itself. */
  static final Output<MachineFacts> MACHINE = new Output<>("machine", MachineFacts.class);

  /**
   * {@code key=value} lines. Disks are those that nothing is on: neither partitions nor a file
   * system, nor anything that holds them.
   */
  private static final ShellFunction LOOK =
      new ShellFunction(
          "look_first",
          """
          echo "hostname=$(cat /proc/sys/kernel/hostname)"
          echo "architecture=$(uname -m)"
          sed -n 's/^PRETTY_NAME=/system=/p' /etc/os-release
          echo "cpus=$(nproc)"
          awk '/^MemTotal:/ { print "memory=" $2 }' /proc/meminfo
          ip -o -4 addr show scope global | awk '{ print "address=" $2 " " $4 }'
          ip -4 route show | awk '$1 != "default" { for (i = 1; i < NF; i++) if ($i == "dev") print "route=" $1 " " $(i + 1) }'
          echo "timezone=$(readlink /etc/localtime)"
          lsblk -bdnro NAME,TYPE,SIZE | while read -r name type size; do
            [ "$type" = disk ] && [ "$size" -ge 1000000000 ] || continue
            [ "$(lsblk -nro NAME "/dev/$name" | wc -l)" = 1 ] || continue
            [ -z "$(lsblk -dnro FSTYPE,MOUNTPOINT "/dev/$name" | tr -d ' ')" ] || continue
            echo "disk=/dev/$name $size"
          done
          for unit in k3s k3s-agent kubelet rke2-server rke2-agent k0scontroller k0sworker glusterd docker; do
            systemctl is-active --quiet "$unit.service" && echo "runs=$unit"
          done
          inner=/var/lib/rancher/k3s/data/current/bin/k3s
          [ ! -x "$inner" ] ||
            "$inner" --version 2>/dev/null </dev/null | head -n 1 | sed -n 's/^k3s version \\(v[^ ]*\\).*/kubernetes=\\1/p'
          [ ! -e /etc/kubernetes/kubelet.conf ] ||
            kubelet --version 2>/dev/null </dev/null | head -n 1 | sed -n 's/^Kubernetes \\(v[^ ]*\\).*/kubernetes=\\1/p'
          [ ! -e /etc/kubernetes/manifests/kube-apiserver.yaml ] || echo runs=kube-apiserver
          [ ! -e /etc/kubernetes/manifests/kube-controller-manager.yaml ] ||
            head -c 100000 /etc/kubernetes/manifests/kube-controller-manager.yaml | sed -n '
              s/^ *- --cluster-name=/cluster=/p
              s/^ *- --cluster-cidr=/pods=/p
              s/^ *- --service-cluster-ip-range=/services=/p'
          return 0\
          """);

  private static final Question<MachineFacts> QUESTION =
      Question.of(Kind.volatileSingle(LOOK, MachineFacts::read));

  @Override
  public Probes probes(Target.OnHost target) {
    return Probes.of(QUESTION);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    return new Check.InSync(Observed.of(MACHINE, seen.of(QUESTION)));
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return Set.of(MACHINE);
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of();
  }
}
