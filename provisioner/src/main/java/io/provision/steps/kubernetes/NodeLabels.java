package io.provision.steps.kubernetes;

import static java.util.stream.Collectors.joining;

import io.provision.model.Host;
import io.provision.model.Taint;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Repair;
import io.provision.step.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Labels and taints of the inventory on the Node objects, by one server that is up. Only what we
 * set is ours: the node's annotations {@code provision.io/owned-labels} and {@code
 * provision.io/owned-taints} say what that is, so that what is taken out of the inventory is
 * removed and what others set stays.
 */
public record NodeLabels(Distributions distributions) implements AllNodesStep {
  /**
   * {@code set_node PROGRAM KUBECONFIG NODE LABELS TAINTS [label ARG | taint ARG]...}: as kubectl
   * takes them.
   */
  private static final ShellFunction SET =
      new ShellFunction(
          "set_node",
          """
          kubectl=$1 admin=$2 node=$3 labels=$4 taints=$5
          shift 5
          try admin_kubectl "$kubectl" "$admin" annotate --overwrite node "$node" "provision.io/owned-labels=$labels" \\
            "provision.io/owned-taints=$taints" >/dev/null || return
          while [ "$#" -gt 1 ]; do
            case $1 in
              label) try admin_kubectl "$kubectl" "$admin" label --overwrite node "$node" "$2" >/dev/null || return ;;
              taint) try admin_kubectl "$kubectl" "$admin" taint --overwrite node "$node" "$2" >/dev/null || return ;;
            esac
            shift 2
          done\
          """,
          List.of(Kubectl.ADMIN));

  private static final Duration REGISTERED_WITHIN = Duration.ofMinutes(2);

  @Override
  public Probes probes(Target.OnHost target) {
    return Probes.of(distributions.of(target).kubectl().nodes());
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.UPDATE, Change.Action.REMOVE);
  }

  @Override
  public Check act(Target.OnHost target, Observations seen, Known known) {
    var distribution = distributions.of(target);
    var nodes = seen.of(distribution.kubectl().nodes());
    var changes = new ArrayList<Change>();
    var scripts = new ArrayList<Script>();
    var absent = new ArrayList<Host>();
    for (var host : Nodes.all(target.inventory())) {
      var node = nodes.get(host.name().value());
      if (node != null) {
        new Comparison(host, node, distribution.kubectl()).into(changes, scripts);
      } else if (Nodes.isUp(host, known)) {
        absent.add(host);
      }
    }
    if (!changes.isEmpty()) {
      return new Check.Drift(changes, new Repair.OnHost(scripts, false));
    }
    return absent.isEmpty()
        ? new Check.InSync()
        : new Check.NotYet(
            "%s to be a node of the cluster"
                .formatted(absent.stream().map(Host::toString).collect(joining(", "))),
            REGISTERED_WITHIN,
            "%s runs there, and the API server has no Node of that name"
                .formatted(distribution.name()),
            "see 'journalctl -u %s' there: it joined another cluster, or it cannot reach this one"
                .formatted(
                    absent.stream().map(distribution::unit).distinct().collect(joining(" -u "))));
  }

  /** One node, compared with its host. */
  private record Comparison(Host host, NodeObject node, Kubectl kubectl) {
    void into(List<Change> changes, List<Script> scripts) {
      var arguments = new ArrayList<String>();
      var subject = "node " + host;
      labels(subject, changes, arguments);
      taints(subject, changes, arguments);
      var labels = String.join(",", new TreeSet<>(host.labels().keySet()));
      var taints = String.join(",", wantedTaints());
      if (arguments.isEmpty()
          && labels.equals(String.join(",", node.ownLabels()))
          && taints.equals(String.join(",", node.ownTaints()))) {
        return;
      }
      if (arguments.isEmpty()) {
        changes.add(
            Change.of(Change.Action.UPDATE, subject, "", "record of our labels and taints"));
      } else {
        // First it is recorded what was and will be ours, so that a kill in between loses nothing.
        scripts.add(
            set(
                united(node.ownLabels(), host.labels().keySet()),
                united(node.ownTaints(), wantedTaints()),
                arguments));
      }
      scripts.add(set(labels, taints, List.of()));
    }

    private Script set(String labels, String taints, List<String> arguments) {
      var all = new ArrayList<>(List.of(host.name().value(), labels, taints));
      all.addAll(arguments);
      return Script.of(SET, kubectl.arguments(all.toArray(String[]::new)));
    }

    private static String united(
        java.util.Collection<String> one, java.util.Collection<String> other) {
      var both = new TreeSet<>(one);
      both.addAll(other);
      return String.join(",", both);
    }

    private TreeSet<String> wantedTaints() {
      var wanted = new TreeSet<String>();
      host.taints().stream().map(Taint::toString).forEach(wanted::add);
      return wanted;
    }

    private void labels(String subject, List<Change> changes, List<String> arguments) {
      host.labels()
          .forEach((key, value) -> {
            var is = node.labels().get(key);
            if (!value.equals(is)) {
              changes.add(
                  Change.of(
                      Change.Action.UPDATE,
                      subject,
                      is == null ? "" : "label %s=%s".formatted(key, is),
                      "label %s=%s".formatted(key, value)));
              arguments.addAll(List.of("label", key + "=" + value));
            }
          });
      for (var key : node.ownLabels()) {
        if (!host.labels().containsKey(key) && node.labels().containsKey(key)) {
          changes.add(Change.of(Change.Action.REMOVE, subject, "label " + key, ""));
          arguments.addAll(List.of("label", key + "-"));
        }
      }
    }

    private void taints(String subject, List<Change> changes, List<String> arguments) {
      for (var taint : wantedTaints()) {
        if (!node.taints().contains(taint)) {
          changes.add(Change.of(Change.Action.UPDATE, subject, "", "taint " + taint));
          arguments.addAll(List.of("taint", taint));
        }
      }
      for (var taint : node.ownTaints()) {
        if (!wantedTaints().contains(taint) && node.taints().contains(taint)) {
          changes.add(Change.of(Change.Action.REMOVE, subject, "taint " + taint, ""));
          arguments.addAll(List.of("taint", taint + "-"));
        }
      }
    }
  }
}
