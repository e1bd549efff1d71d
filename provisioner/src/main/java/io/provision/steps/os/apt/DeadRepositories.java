package io.provision.steps.os.apt;

import io.provision.remote.Frame;
import io.provision.remote.Script;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Kind;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code dead-repositories}: apt is not told to ask a repository of Kubernetes' that no longer
 * exists, as old guides have it: it would fail whenever it updates its lists. Which that is shows
 * by what apt has of it. Nothing else of its files is touched, and each is kept as it was.
 */
public record DeadRepositories() implements Step<Target.OnHost> {
  private static final Question<List<Repository>> DEAD =
      Question.of(Kind.single(RepositoryScripts.LOOK, DeadRepositories::read));

  private static List<Repository> read(Frame frame) {
    return frame.output().lines().map(Repository::parse).flatMap(Optional::stream).toList();
  }

  @Override
  public Probes probes(Target.OnHost target) {
    return Probes.of(DEAD);
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.UPDATE);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    var dead = seen.of(DEAD).stream().distinct().toList();
    if (dead.isEmpty()) {
      return new Check.InSync();
    }
    return new Check.Drift(
        dead.stream().map(DeadRepositories::change).toList(),
        new Repair.OnHost(dead.stream().map(DeadRepositories::retire).toList(), false));
  }

  private static Change change(Repository it) {
    return Change.of(
        Change.Action.UPDATE,
        it.file(),
        it + ", of which apt got nothing",
        "not asked any more; the file as it was is kept in /var/lib/provision/apt");
  }

  private static Script retire(Repository it) {
    return Script.of(RepositoryScripts.RETIRE, it.file(), it.uri(), it.suite())
        .within(Duration.ofMinutes(1));
  }
}
