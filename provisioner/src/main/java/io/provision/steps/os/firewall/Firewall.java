package io.provision.steps.os.firewall;

import io.provision.model.HostName;
import io.provision.model.Role;
import io.provision.remote.Script;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Kind;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.os.HostsFile;
import io.provision.steps.os.NodeAddressStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * {@code firewall}: where ufw or firewalld is active, what the host's roles need is let in: what
 * nodes need from their addresses alone, the API and named ports from where {@code firewall} of the
 * inventory says. What an earlier version opened to everybody is closed again; what others opened
 * stays. Neither is ever switched on.
 */
public record Firewall() implements Step<Target.OnHost> {
  private static final Question<FirewallRules> QUESTION =
      Question.of(Kind.single(FirewallScripts.LOOK, FirewallRules::read));

  @Override
  public Set<Need> needs(Target.OnHost target) {
    return NodeAddressStep.needs(target.inventory().hosts());
  }

  @Override
  public Probes probes(Target.OnHost target) {
    return Probes.of(QUESTION).and(HostsFile.block());
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    var rules = seen.of(QUESTION);
    if (rules.name().isEmpty()) {
      return new Check.InSync(without(target));
    }
    var addresses = NodeAddressStep.all(target.inventory(), known);
    var unknown =
        target.inventory().hosts().stream()
            .map(host -> host.name())
            .filter(name -> !addresses.containsKey(name))
            .toList();
    var leaving =
        HostsFile.strangers(target.inventory(), seen).stream()
            .map(line -> line.strip().split("\\s+")[0])
            .toList();
    return check(Openings.of(target, addresses, leaving), rules, unknown);
  }

  /** Said by one host, for all. */
  private static Observed without(Target.OnHost target) {
    var storage = target.inventory().with(Role.STORAGE);
    return !storage.isEmpty() && storage.getFirst().equals(target.host())
        ? Observed.noting(
            "no firewall is active here: GlusterFS has no password, so whoever reaches ports"
                + " 24007 and 49152 and up can command it. keep storage hosts in a network of their"
                + " own, or switch ufw or firewalld on, on each of them")
        : Observed.NOTHING;
  }

  /**
   * @param unknown hosts whose address is not known: while there are any nothing is closed
   */
  static Check check(Openings openings, FirewallRules rules, List<HostName> unknown) {
    var close = new TreeSet<Opening>();
    if (unknown.isEmpty()) {
      rules.ours().stream()
          .filter(Opening::isToAll)
          .filter(it -> !openings.wanted().contains(it))
          .forEach(close::add);
    }
    var open = new TreeSet<>(openings.wanted());
    open.removeIf(it -> rules.lets(it, close));
    var notes = notes(openings, rules, unknown);
    if (open.isEmpty() && close.isEmpty()) {
      return new Check.InSync(
          notes.stream().map(Observed::noting).reduce(Observed.NOTHING, Observed::and));
    }
    var changes = new ArrayList<Change>();
    var words = new ArrayList<String>();
    for (var it : open) {
      changes.add(Change.of(Change.Action.UPDATE, rules.name(), "", "let in " + it));
      words.addAll(List.of("open", it.port(), it.from()));
    }
    for (var it : close) {
      changes.add(
          Change.of(Change.Action.UPDATE, rules.name(), "let in " + it, "no longer everybody"));
      words.addAll(List.of("close", it.port(), it.from()));
    }
    return new Check.Drift(changes, new Repair.OnHost(script(rules, words)), notes);
  }

  private static Script script(FirewallRules rules, List<String> words) {
    return rules.isUfw()
        ? Script.of(FirewallScripts.UFW, words.toArray(String[]::new))
        : Script.of(
            FirewallScripts.FIREWALLD,
            words.stream()
                .map(word -> word.matches("\\d+:\\d+/.*") ? word.replace(':', '-') : word)
                .toArray(String[]::new));
  }

  private static List<String> notes(
      Openings openings, FirewallRules rules, List<HostName> unknown) {
    var notes = new ArrayList<String>();
    if (!unknown.isEmpty()) {
      notes.add(
          "the address of %s is not known: nothing is opened to it, and nothing is closed"
              .formatted(unknown.stream().map(HostName::value).collect(Collectors.joining(", "))));
    }
    var stale =
        rules.ours().stream()
            .filter(it -> !it.isToAll() && unknown.isEmpty())
            .filter(it -> !openings.wanted().contains(it))
            .map(Opening::toString)
            .collect(Collectors.joining(", "));
    if (!stale.isEmpty()) {
      notes.add(
          "%s still lets in %s, which nothing here needs any more: delete it"
              .formatted(rules.name(), stale));
    }
    return notes;
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.UPDATE);
  }
}
