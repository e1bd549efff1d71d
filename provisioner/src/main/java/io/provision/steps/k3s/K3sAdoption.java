package io.provision.steps.k3s;

import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Checks;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.k3s.adoption.ForeignK3s;
import io.provision.steps.k3s.adoption.OptionDifferences;
import io.provision.steps.kubernetes.Nodes;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A k3s that somebody else installed, by its publisher's installer or whatever calls that, is taken
 * over as it runs: said here before anything is changed, and refused where something that it runs
 * with would be lost. The steps behind this one do it.
 */
public record K3sAdoption() implements Step<Target.OnHost> {
  @Override
  public Probes probes(Target.OnHost target) {
    return new K3sTakeover(target).probes();
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    var needs = new LinkedHashSet<>(new K3sConfig().needs(target));
    needs.add(Need.local(K3s.DIGESTS));
    return needs;
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of();
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    var refusal = refusal(target, seen, known);
    if (refusal.isPresent()) {
      return refusal.get();
    }
    var foreign = seen.of(K3sLooks.FOREIGN);
    var basics = seen.of(K3sLooks.BASICS);
    if (!foreign.isThere() || K3sBinary.refusal(basics, known).isPresent()) {
      return new Check.InSync(); // the latter is said by whoever installs it
    }
    var reasons = new K3sTakeover(target).reasons(seen, known);
    return new Check.InSync(Observed.noting(note(foreign, basics, reasons)));
  }

  /** Why a k3s of somebody else is not taken over; empty where it is, or there is none. */
  static Optional<Check> refusal(Target.OnHost target, Observations seen, Known known) {
    var foreign = seen.of(K3sLooks.FOREIGN);
    if (!foreign.isThere()) {
      return Optional.empty();
    }
    var takeover = new K3sTakeover(target);
    if (!takeover.isPossible(seen)) {
      return Optional.of(impossible(target, foreign));
    }
    var refusals = new ArrayList<Check>();
    name(target, foreign).ifPresent(refusals::add);
    variables(target, foreign).ifPresent(refusals::add);
    lines(foreign).ifPresent(refusals::add);
    takeover
        .differences(seen, known)
        .map(OptionDifferences::lost)
        .filter(lost -> !lost.isEmpty())
        .map(lost -> lost(foreign, lost))
        .ifPresent(refusals::add);
    return refusals.isEmpty() ? Optional.empty() : Optional.of(Checks.together(refusals));
  }

  private static String note(ForeignK3s is, K3sLooks.Basics basics, List<String> reasons) {
    var stays =
        is.isAgent()
            ? "its certificates and its pods stay"
            : "its token, its datastore and its certificates stay";
    return "k3s%s was installed by somebody else (%s) and is taken over as it runs: node %s, %s; %s"
        .formatted(
            basics.version().map(version -> " " + version).orElse(""),
            is.file(),
            is.node(),
            stays,
            reasons.isEmpty()
                ? "it is not restarted"
                : "it restarts once, for " + String.join(", ", reasons));
  }

  private static Check impossible(Target.OnHost target, ForeignK3s is) {
    if (is.isAgent() == Nodes.isServer(target.host())) {
      return new Check.Refused(
          "k3s of somebody else is there as %s (%s), and the inventory makes the host %s"
              .formatted(role(is.isAgent()), is.file(), role(!is.isAgent())),
          "write its role as it is; where it should become the other one, take it out of its cluster first, and remove it by k3s%s-uninstall.sh"
              .formatted(is.isAgent() ? "-agent" : ""));
    }
    return is.runs()
        ? new Check.Refused(
            "k3s of somebody else runs there (%s), and what it runs with cannot be told: the API does not say it to its kubelet"
                .formatted(is.file()),
            "look at 'journalctl -u %s'; once the node is Ready, run again".formatted(is.unit()))
        : new Check.Refused(
            "k3s of somebody else is there (%s) and does not run, so that nobody can tell what it runs with"
                .formatted(is.file()),
            "start it ('systemctl start %s') and run again; or remove it, with all that is in it, by k3s%s-uninstall.sh"
                .formatted(is.unit(), is.isAgent() ? "-agent" : ""));
  }

  private static String role(boolean isAgent) {
    return isAgent ? "an agent" : "a server";
  }

  /** Another name would be another node: what runs on this one, and its volumes, stays behind. */
  private static Optional<Check> name(Target.OnHost target, ForeignK3s is) {
    var name = target.host().name();
    return is.node().equals(name.value())
        ? Optional.empty()
        : Optional.of(
            new Check.Refused(
                "the cluster has it as node %s, and the inventory calls it %s: it would join as another node"
                    .formatted(is.node(), name),
                "call the host %s in the inventory".formatted(is.node())));
  }

  private static Optional<Check> variables(Target.OnHost target, ForeignK3s is) {
    return is.variables().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Check.Refused(
                "its unit %s gives it variables that would be lost: %s"
                    .formatted(is.file(), String.join(", ", is.variables())),
                "write these lines into /etc/default/%s on it, which k3s goes on to read"
                    .formatted(K3s.unit(target.host()).replace(".service", ""))));
  }

  private static Optional<Check> lines(ForeignK3s is) {
    return is.lines().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Check.Refused(
                "its unit %s has lines that no installer of k3s writes and that would be lost: %s"
                    .formatted(is.file(), String.join("; ", is.lines())),
                "write them into /etc/systemd/system/%s.d/own.conf on it, below the heads of their sections, then 'systemctl daemon-reload' and take them out of %s: that file stays"
                    .formatted(is.unit(), is.file())));
  }

  private static Check lost(ForeignK3s is, Map<String, List<String>> lost) {
    var settable = new TreeMap<String, List<String>>(lost);
    settable.keySet().removeIf(OptionName::isReserved);
    var fixed = new TreeMap<String, List<String>>(lost);
    fixed.keySet().removeAll(settable.keySet());
    var remedies = new ArrayList<String>();
    if (!settable.isEmpty()) {
      remedies.add(
          "write '%s' under 'cluster', or at this host where no other has it, and it stays; or take it out of what k3s is started with there (%s, /etc/rancher/k3s/config.yaml) and restart it"
              .formatted(K3sTakeover.written(settable), is.file()));
    }
    if (!fixed.isEmpty()) {
      remedies.add(
          "a k3s with %s cannot be taken over: provision has its own way there"
              .formatted(String.join(", ", fixed.keySet())));
    }
    return new Check.Refused(
        "it runs with options that the inventory does not say, and would lose them: "
            + K3sTakeover.written(lost).replaceFirst("^k3s: \\{ (.*) }$", "$1"),
        String.join("; ", remedies));
  }
}
