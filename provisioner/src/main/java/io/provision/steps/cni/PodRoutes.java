package io.provision.steps.cni;

import io.provision.model.Host;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubernetes.Distributions;
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.kubernetes.PodNetwork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * {@code pod-routes}: every node reaches every other one over the network of pods. All nodes are
 * Ready and DNS answers also where a firewall lets that network through between some of them alone;
 * what does not work then depends on where a pod happens to run.
 */
public record PodRoutes(Distributions distributions) implements Step<Target.OnHost> {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @Override
  public Probes probes(Target.OnHost target) {
    return others(target).isEmpty() ? Probes.NONE : Probes.of(question(target));
  }

  private Question<PodRoutesLook> question(Target target) {
    return PodRoutesLook.question(distributions.of(target).kubeletKubeconfig());
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    var others = others(target);
    if (others.isEmpty()) {
      return Set.of();
    }
    var both = new ArrayList<>(others);
    both.add(target.host());
    var needs = new LinkedHashSet<Need>();
    needs.add(Need.some(Nodes.ADDRESS, others));
    needs.add(Need.some(Nodes.SERVER_UP, both.stream().filter(Nodes::isServer).toList()));
    needs.add(Need.some(Nodes.REGISTERED, both.stream().filter(Nodes::isServer).toList()));
    needs.add(Need.some(Nodes.AGENT_UP, both.stream().filter(it -> !Nodes.isServer(it)).toList()));
    return needs;
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of();
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    var others = others(target);
    if (others.isEmpty()) {
      return new Check.Skipped("there is no other node");
    }
    if (!Nodes.isUp(target.host(), known)) {
      return new Check.Skipped("its node is not up");
    }
    var look = seen.of(question(target));
    if (!look.joined()) {
      return waiting(target, "it was no node yet when that was asked");
    }
    if (!look.measured()) {
      return new Check.Skipped("its network of pods has no VXLAN");
    }
    var missing =
        others.stream()
            .filter(it -> Nodes.isUp(it, known))
            .map(it -> missing(it, look, known))
            .filter(it -> !it.isEmpty())
            .toList();
    return missing.isEmpty() ? new Check.InSync() : waiting(target, String.join("; ", missing));
  }

  private static Check waiting(Target.OnHost target, String why) {
    return new Check.NotYet(
        "all other nodes to be reached over the network of pods",
        PATIENCE,
        why,
        "let UDP port %s through between all nodes, both ways (a firewall, a security group), and look at what the network plugin says on both"
            .formatted(PodNetwork.vxlanPort(target.cluster().network().cni())));
  }

  /** What is in the way to it; empty where nothing is, or its address is not known. */
  private static String missing(Host host, PodRoutesLook look, Known known) {
    var address = known.all(Nodes.ADDRESS).get(host.name());
    if (address == null || look.reaches(address.toString())) {
      return "";
    }
    var route = look.routes().get(address.toString());
    return route == null
        ? "no route to those of %s (%s)".formatted(host.name(), address)
        : "no answer from %s (%s) at %s".formatted(host.name(), address, route);
  }

  /** Those that come next in the inventory. */
  private static List<Host> others(Target.OnHost target) {
    var all = Nodes.all(target.inventory());
    var own = all.indexOf(target.host());
    if (own < 0) {
      return List.of();
    }
    var others = new ArrayList<>(all.subList(own + 1, all.size()));
    others.addAll(all.subList(0, own));
    return others.stream().limit(PodRoutesLook.MOST).collect(Collectors.toList());
  }
}
