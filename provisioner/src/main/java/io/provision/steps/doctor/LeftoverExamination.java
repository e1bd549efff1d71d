package io.provision.steps.doctor;

import io.provision.remote.Frame;
import io.provision.remote.Pairs;
import io.provision.remote.ShellFunction;
import io.provision.step.Kind;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Target;
import io.provision.step.doctor.Diagnosis;
import io.provision.step.doctor.Examination;
import java.util.ArrayList;
import java.util.List;

/**
 * What an earlier Kubernetes has left on a host that is not a node: a kubelet takes the first
 * network that it finds in /etc/cni/net.d, whosever it is; an interface keeps the range of another
 * network (kubernetes/kubeadm#1822); Calico takes the name of a node from a file
 * (projectcalico/calico#3097).
 */
record LeftoverExamination() implements Examination {
  private static final int NAMED = 6;

  /**
   * What is on the host, {@code path=} or {@code device=} each; nothing where a node is, or a run
   * of ours has begun to make one: the next one goes on.
   */
  private static final ShellFunction LOOK =
      new ShellFunction(
          "look_leftovers",
          """
          [ ! -e /etc/kubernetes/kubelet.conf ] && [ ! -e /var/lib/rancher/k3s/agent/kubelet.kubeconfig ] &&
            [ ! -e /var/lib/rancher/k3s/server/db ] && [ ! -e /etc/kubernetes/provision/begun ] &&
            [ ! -e /etc/kubernetes/provision/joining ] || return 0
          for path in /etc/cni/net.d/*.conf /etc/cni/net.d/*.conflist /etc/kubernetes/manifests/*.yaml \\
            /etc/kubernetes/pki/ca.crt /var/lib/etcd/member /var/lib/calico/nodename /var/lib/kubelet/pods \\
            /var/lib/cni/networks /var/lib/rancher/rke2 /var/lib/k0s; do
            [ ! -e "$path" ] || printf 'path=%s\\n' "$path"
          done
          for device in cni0 flannel.1 flannel-v6.1 vxlan.calico kube-ipvs0 cilium_host nodelocaldns; do
            [ ! -e "/sys/class/net/$device" ] || echo "device=$device"
          done
          return 0\
          """);

  /** What it has, paths first. */
  private record Leftovers(List<String> paths, List<String> devices) {
    static Leftovers read(Frame frame) {
      var said = Pairs.stripped(frame);
      return new Leftovers(told(said, "path"), told(said, "device"));
    }

    private static List<String> told(Pairs said, String key) {
      return said.all(key).stream().filter(value -> !value.isEmpty()).toList();
    }
  }

  private static final Question<Leftovers> QUESTION =
      Question.of(Kind.single(LOOK, Leftovers::read));

  @Override
  public String title() {
    return "leftovers";
  }

  @Override
  public boolean concerns(Target.OnHost target) {
    return target.inventory().cluster().filter(it -> it.distribution().isKubernetes()).isPresent();
  }

  @Override
  public Probes probes(Target.OnHost target) {
    return Probes.of(QUESTION);
  }

  @Override
  public List<Diagnosis> diagnoses(Target.OnHost target, Observations seen, Known known) {
    var left = seen.of(QUESTION);
    var found = new ArrayList<Diagnosis>();
    if (!left.paths().isEmpty()) {
      found.add(
          Diagnosis.warning(
              "is not a node, and has of an earlier one: " + some(left.paths()),
              "where nobody needs it any more: 'kubeadm reset' or 'k3s-uninstall.sh' there, then"
                  + " move away what stays"));
    }
    left.devices()
        .forEach(device ->
            found.add(
                Diagnosis.warning(
                    "is not a node, and has the interface %s of an earlier one".formatted(device),
                    "'ip link delete %s' there, or reboot it".formatted(device))));
    return found;
  }

  private static String some(List<String> paths) {
    var more = paths.size() > NAMED ? " and %d more".formatted(paths.size() - NAMED) : "";
    return String.join(", ", paths.subList(0, Math.min(NAMED, paths.size()))) + more;
  }
}
