package io.provision.steps.kubeadm.names;

import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import io.provision.step.Check;
import io.provision.step.Kind;
import io.provision.step.Observations;
import io.provision.step.Question;
import io.provision.step.Target;
import io.provision.steps.kubernetes.settings.KubeletSection;
import io.provision.steps.kubernetes.settings.Overrides;
import java.util.List;
import java.util.Optional;

/**
 * Where pods would look for names of the world: an address of the host itself is another machine in
 * every pod, and CoreDNS would ask itself (coredns.io/plugins/loop). Where systemd-resolved runs,
 * kubeadm has the kubelet take its list of real servers.
 */
public final class ResolvConf {
  private static final ShellFunction LOOK =
      new ShellFunction(
          "look_resolv_conf",
          """
          [ -e /run/systemd/resolve/resolv.conf ] && return 0
          head -c 65536 /etc/resolv.conf | sed -n 's/^nameserver[[:space:]]*\\([0-9A-Fa-f:.]*\\).*/\\1/p' | head -n 20\
          """);

  /** The name servers of the host; empty where it has none, or another program has real ones. */
  public static final Question<List<String>> QUESTION =
      Question.of(Kind.single(LOOK, ResolvConf::servers));

  private ResolvConf() {}

  private static List<String> servers(Frame frame) {
    return frame.output().lines().filter(line -> line.matches("[0-9A-Fa-f:.]{2,45}")).toList();
  }

  /** Why a node does not begin or join with them; empty where it may. */
  public static Optional<Check> refusal(Target.OnHost target, Observations seen) {
    var servers = seen.of(QUESTION);
    var isGiven =
        Overrides.of(KubeletSection.class, target.host(), target.cluster())
            .containsKey("resolvConf");
    return isGiven || servers.isEmpty() || !servers.stream().allMatch(ResolvConf::isOwn)
        ? Optional.empty()
        : Optional.of(
            new Check.Refused(
                "its /etc/resolv.conf names %s only, which is another machine in every pod: CoreDNS would ask itself"
                    .formatted(String.join(", ", servers)),
                "set 'kubelet: { resolvConf: FILE }' to a file of the host with a name server that"
                    + " pods reach"));
  }

  private static boolean isOwn(String address) {
    return address.startsWith("127.") || address.equals("::1");
  }
}
