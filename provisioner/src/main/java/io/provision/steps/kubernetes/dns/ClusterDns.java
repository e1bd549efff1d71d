package io.provision.steps.kubernetes.dns;

import io.provision.model.HostName;
import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Kind;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubernetes.Distribution;
import io.provision.steps.kubernetes.Distributions;
import io.provision.steps.kubernetes.DnsService;
import io.provision.steps.kubernetes.Kubectl;
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.kubernetes.PodNetwork;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * {@code cluster-dns}: every node gets an answer of the cluster's DNS, asked by the node itself, so
 * that its way there counts too. Without it nearly nothing that runs in a cluster works.
 */
public record ClusterDns(Distributions distributions) implements Step<Target.OnHost> {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private static final String PORT = "53";

  /** A server gets an answer; it is never there for the reason that this server sees. */
  static final Output<Boolean> ANSWERED = new Output<>("cluster-dns", Boolean.class);

  /**
   * {@code cluster_dns_answers ADDRESS DOMAIN PORT JOINED}: asks for the address of the DNS itself
   * (RFC 1035, section 4.1) with what every host has; the answer must be ours, without error, and
   * name one. A newline among the bytes would make bash send two packets, so dd sends them.
   */
  static final ShellFunction ANSWERS =
      new ShellFunction(
          "cluster_dns_answers",
          """
          [ -s "$4" ] || return 1
          said=$(timeout 3 bash -c '
            name= rest=kube-dns.kube-system.svc.$2.
            while [ -n "$rest" ] && [ "${#name}" -lt 1000 ]; do
              label=${rest%%.*} rest=${rest#*.}
              printf -v size "\\\\\\\\x%02x" "${#label}"
              name=$name$size$label
            done
            exec 3<>"/dev/udp/$1/$3" &&
              printf "\\\\x70\\\\x73\\\\x01\\\\x00\\\\x00\\\\x01\\\\x00\\\\x00\\\\x00\\\\x00\\\\x00\\\\x00$name\\\\x00\\\\x00\\\\x01\\\\x00\\\\x01" |
              dd bs=600 count=1 iflag=fullblock 2>/dev/null >&3 &&
              dd bs=600 count=1 2>/dev/null <&3' - "$1" "$2" "$3" 2>/dev/null | head -c 8 | od -An -tx1 | tr -d ' \\n')
          case $said in
            7073[89a-f]??00001000[1-9a-f] | 7073[89a-f]??0000100[1-9a-f]?) return 0 ;;
          esac
          return 1\
          """);

  /**
   * {@code until_cluster_dns PROGRAM KUBECONFIG NODE ADDRESS DOMAIN PORT JOINED}: it stops waiting
   * (69) where a pod that every other one's network hangs on has failed.
   */
  static final ShellFunction UNTIL =
      new ShellFunction(
          "until_cluster_dns",
          """
          cluster_dns_answers "$4" "$5" "$6" "$7" && return 0
          node_pod_has_failed "$1" "$2" "$3" && return 69
          return 1\
          """,
          List.of(ANSWERS, NodePods.FAILED));

  /** {@code look_cluster_dns ADDRESS DOMAIN PORT JOINED}. */
  private static final Kind<Boolean> KIND =
      Kind.volatileSingle(
          new ShellFunction("look_cluster_dns", "cluster_dns_answers \"$@\"", List.of(ANSWERS)),
          Frame::ok);

  /**
   * {@code explain_cluster_dns PROGRAM KUBECONFIG UNIT ADDRESS NODE VXLAN}: by the pods and their
   * events on a server; an agent asks only where a server had an answer.
   */
  static final ShellFunction EXPLAIN =
      new ShellFunction(
          "explain_cluster_dns",
          """
          own=$(waiting_node_pods "$1" "$2" "$5" | head -n 1 | cut -d ' ' -f 2- | cut -c 1-400)
          if [ -n "$own" ]; then
            printf 'reason: on this node %s\\n' "$own"
            printf "hint: look at what it says: kubectl logs --previous --all-containers, in its namespace, of the pod %s\\n" "$(printf '%s\\n' "$own" | cut -d : -f 1)"
            return 0
          fi
          pods=$(admin_kubectl "$1" "$2" -n kube-system get pods -l k8s-app=kube-dns -o \\
            'go-template={{range .items}}{{.metadata.name}} on {{.spec.nodeName}}: {{.status.phase}}{{range .status.conditions}}{{if and .message (ne .status "True")}}; {{.message}}{{end}}{{end}}{{range .status.containerStatuses}}{{with .state.waiting}}; {{.reason}}: {{.message}}{{end}}{{end}}{{"\\n"}}{{end}}' \\
            2>/dev/null | head -c 4000)
          if [ -z "$pods" ]; then
            if [ -f "$2" ]; then
              echo "reason: no pod of CoreDNS is in the cluster"
            else
              echo "reason: no answer from $4 here, although a server gets one"
              echo "hint: look at firewalls between the nodes (UDP port $6), and at this node's kube-proxy (journalctl -u $3)"
            fi
            return 0
          fi
          printf 'reason: %s\\n' "$(printf '%s\\n' "$pods" | sort | tail -n 1 | cut -c 1-400)"
          case $pods in
            *ErrImagePull* | *ImagePullBackOff*)
              echo "hint: let the nodes reach the image registry, or put the images into the artifact directory" ;;
            *'untolerated taint'*)
              echo "hint: CoreDNS finds no node: take a taint off, or add a worker" ;;
            *Running*)
              echo "hint: its pods run: look at firewalls between the nodes (UDP port $6), and at 'kubectl -n kube-system logs -l k8s-app=kube-dns'" ;;
          esac
          printf '%s\\n' "$pods"
          admin_kubectl "$1" "$2" -n kube-system get events -o \\
            'go-template={{range .items}}{{if eq .type "Warning"}}{{.involvedObject.name}}: {{.reason}}: {{.message}}{{"\\n"}}{{end}}{{end}}' \\
            2>/dev/null | grep '^coredns' | tail -n 5 | cut -c 1-400
          return 0\
          """,
          List.of(Kubectl.ADMIN, NodePods.WAITING));

  private static Question<Boolean> question(DnsService dns, Distribution distribution) {
    return Question.of(KIND, dns.address(), dns.domain(), PORT, distribution.kubeletKubeconfig());
  }

  @Override
  public Probes probes(Target.OnHost target) {
    var distribution = distributions.of(target);
    return distribution
        .dns(target.cluster())
        .map(dns -> Probes.of(question(dns, distribution)))
        .orElse(Probes.NONE);
  }

  /** An agent may not read pods and events: the servers, which may, have said why not. */
  @Override
  public Set<Need> needs(Target.OnHost target) {
    var self = List.of(target.host());
    var needs = new LinkedHashSet<>(PodNetwork.needs(target));
    if (Nodes.isServer(target.host())) {
      needs.add(Need.all(Nodes.SERVER_UP, self));
    } else {
      needs.add(Need.all(Nodes.AGENT_UP, self));
      needs.add(Need.some(ANSWERED, Nodes.servers(target.inventory())));
    }
    return needs;
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return Nodes.isServer(target.host()) ? Set.of(ANSWERED) : Set.of();
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of();
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    var distribution = distributions.of(target);
    var dns = distribution.dns(target.cluster());
    if (dns.isEmpty()) {
      return new Check.Skipped("the inventory disables coredns");
    }
    var isServer = Nodes.isServer(target.host());
    if (seen.of(question(dns.get(), distribution))) {
      return new Check.InSync(isServer ? Observed.of(ANSWERED, true) : Observed.NOTHING);
    }
    if (PodNetwork.isMissing(target, known)) {
      return new Check.Refused(
          "the cluster's DNS at %s does not answer here, and the network of pods never came up"
              .formatted(dns.get().address()),
          "fix what its step names, then run the same command again");
    }
    var why = known.never(ANSWERED);
    return isServer || !known.all(ANSWERED).isEmpty() || why.isEmpty()
        ? waiting(target, dns.get(), distribution)
        : silent(dns.get(), why);
  }

  private static Check waiting(Target.OnHost target, DnsService dns, Distribution distribution) {
    var host = target.host();
    return new Check.NotYet(
        "the cluster's DNS at %s to answer".formatted(dns.address()),
        PATIENCE,
        distribution
            .kubectl()
            .call(
                UNTIL,
                host.name().value(),
                dns.address(),
                dns.domain(),
                PORT,
                distribution.kubeletKubeconfig()),
        distribution
            .kubectl()
            .call(
                EXPLAIN,
                distribution.unit(host),
                dns.address(),
                host.name().value(),
                PodNetwork.vxlanPort(target.cluster().network().cni())));
  }

  /** There is nothing to wait for here where no server got an answer. */
  private static Check silent(DnsService dns, Map<HostName, String> why) {
    var servers =
        why.entrySet().stream()
            .map(each -> "%s: %s".formatted(each.getKey(), each.getValue()))
            .collect(Collectors.joining("; "));
    return new Check.Refused(
        "the cluster's DNS at %s does not answer here either (%s)"
            .formatted(dns.address(), servers),
        "fix what the servers name, then run the same command again");
  }
}
