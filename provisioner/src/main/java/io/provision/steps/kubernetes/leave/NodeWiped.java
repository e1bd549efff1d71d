package io.provision.steps.kubernetes.leave;

import io.provision.remote.Frame;
import io.provision.remote.Script;
import io.provision.resource.Files;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.ClusterAccess;
import io.provision.step.Kind;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubernetes.Distribution;
import io.provision.steps.kubernetes.Distributions;
import io.provision.steps.kubernetes.NodeExit;
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.kubernetes.certificates.TrustedAuthority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code node-wiped}: nothing of a node is left on a host that left its cluster: once no server has
 * it as a node any more, and where it trusts the authority of this cluster and of no other. Nothing
 * is deleted beneath which something is mounted that is no pod's.
 */
public record NodeWiped(Distributions distributions) implements Step<Target.OnHost> {
  private static final Duration WIPE = Duration.ofMinutes(15);

  /** What is there, and what is mounted in the way. */
  record Remains(List<String> paths, List<String> foreign) {
    Remains {
      paths = List.copyOf(paths);
      foreign = List.copyOf(foreign);
    }
  }

  private static final Kind<Remains> KIND = Kind.single(ExitScripts.LOOK, NodeWiped::read);

  static Remains read(Frame frame) {
    var paths = new ArrayList<String>();
    var foreign = new ArrayList<String>();
    for (var line : frame.output().split("\n")) {
      if (line.startsWith("there /")) {
        paths.add(line.substring("there ".length()));
      } else if (line.startsWith("foreign /")) {
        foreign.add(line.substring("foreign ".length()));
      }
    }
    return new Remains(paths, foreign);
  }

  private Distribution distribution(Target.OnHost target) {
    return distributions.of(target);
  }

  private Question<Remains> remains(Target.OnHost target) {
    var exit = distribution(target).exit();
    var paths = new ArrayList<>(exit.remains(target.host()));
    exit.brought().stream().map(NodeExit.Brought::record).forEach(paths::add);
    return Question.of(KIND, paths.toArray(String[]::new));
  }

  private String authority(Target.OnHost target) {
    return distribution(target).exit().authority();
  }

  @Override
  public Probes probes(Target.OnHost target) {
    return Probes.of(remains(target), Files.text(authority(target)));
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    var servers = Nodes.servers(target.inventory());
    return servers.isEmpty()
        ? Set.of()
        : Set.of(
            Need.anySoFar(ClusterNodes.OUTPUT, servers),
            Need.someSoFar(ClusterAccess.OUTPUT, servers));
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of();
  }

  @Override
  public Set<Change.Action> mayRemove() {
    return Set.of(Change.Action.STOP, Change.Action.REMOVE);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    var remains = seen.of(remains(target));
    if (remains.paths().isEmpty()) {
      return new Check.InSync();
    }
    var unit = distribution(target).unit(target.host());
    var changes = new ArrayList<Change>();
    changes.add(Change.of(Change.Action.STOP, "unit " + unit));
    remains.paths().stream()
        .map(path -> Change.of(Change.Action.REMOVE, subject(target, path)))
        .forEach(changes::add);
    var removal =
        Leaver.refusal(target)
            .or(() -> refusal(target, seen, known))
            .orElseGet(() -> wiped(target, seen, changes));
    var kept = distribution(target).exit().kept();
    return new Check.Leaving(
        List.of(Leaver.departure(target, changes, removal, "", target.host().name() + ": " + kept)),
        new Check.InSync());
  }

  private String subject(Target.OnHost target, String path) {
    return distribution(target).exit().brought().stream()
        .filter(it -> it.record().equals(path))
        .findFirst()
        .map(it -> "%s that %s has as ours".formatted(it.what(), path))
        .orElse(path);
  }

  private Check wiped(Target.OnHost target, Observations seen, List<Change> changes) {
    var exit = distribution(target).exit();
    var unit = distribution(target).unit(target.host());
    var words = new ArrayList<>(List.of(unit, NodeLeaves.dropIn(unit), exit.shims()));
    words.addAll(exit.remains(target.host()));
    var scripts = new ArrayList<Script>();
    scripts.add(Script.of(ExitScripts.WIPE, words.toArray(String[]::new)).within(WIPE));
    exit.brought().stream()
        .filter(it -> seen.of(remains(target)).paths().contains(it.record()))
        .map(NodeExit.Brought::removed)
        .forEach(scripts::add);
    return new Check.Drift(changes, new Repair.OnHost(scripts, true));
  }

  private Optional<Check> refusal(Target.OnHost target, Observations seen, Known known) {
    var name = target.host().name();
    var remains = seen.of(remains(target));
    if (!remains.foreign().isEmpty()) {
      return Optional.of(
          new Check.Refused(
              "something is mounted where it would be deleted: "
                  + String.join(", ", remains.foreign()),
              "unmount it, and look whether something mounts it again; then run again"));
    }
    var own = TrustedAuthority.of(seen.of(Files.text(authority(target))));
    var ours =
        known.all(ClusterAccess.OUTPUT).values().stream()
            .flatMap(access -> access.identity().stream())
            .map(ClusterAccess.Identity::authority)
            .toList();
    if (own.filter(it -> it.isForeignTo(ours)).isPresent()) {
      return Optional.of(
          new Check.Refused(
              "it is a node of another cluster: it trusts another authority than '%s'"
                  .formatted(target.cluster().name()),
              "look at it: is the address in the inventory that of " + name + "?"));
    }
    return known.all(ClusterNodes.OUTPUT).values().stream()
            .anyMatch(nodes -> nodes.names().contains(name.value()))
        ? Optional.of(
            new Check.Refused(
                "the cluster still has it as a node", "see what node-departures says of it"))
        : Optional.empty();
  }
}
