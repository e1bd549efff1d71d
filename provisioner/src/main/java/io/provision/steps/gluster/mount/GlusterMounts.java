package io.provision.steps.gluster.mount;

import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Step;
import io.provision.step.Target;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * {@code gluster-mounts}: how each mount of a volume on a host is, for a status. Asks what {@code
 * gluster-mount} asks. Changes nothing.
 */
public record GlusterMounts() implements Step<Target.OnHost> {
  public static final Output<Seen> MOUNTS = new Output<>("gluster-mounts", Seen.class);

  /** In a few words, by the names of volumes. */
  public record Seen(Map<String, String> states) {
    public Seen {
      states = Collections.unmodifiableMap(new TreeMap<>(states));
    }
  }

  @Override
  public Probes probes(Target.OnHost target) {
    var questions = new ArrayList<Question<?>>();
    GlusterMount.mounted(target).forEach(it -> questions.add(new MountUnits(it).question()));
    return Probes.ofAll(questions);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    var states = new TreeMap<String, String>();
    for (var volume : GlusterMount.mounted(target)) {
      states.put(volume.name(), seen.of(new MountUnits(volume).question()).words());
    }
    return new Check.InSync(Observed.of(MOUNTS, new Seen(states)));
  }

  /** What is to be mounted on this host and cannot be used; empty where all can. */
  public List<String> missing(Target.OnHost target, Observations seen) {
    var missing = new ArrayList<String>();
    for (var volume : GlusterMount.mounted(target)) {
      var units = new MountUnits(volume);
      var state = seen.of(units.question());
      if (!state.isMounted() || !state.answer().equals("ok")) {
        missing.add("%s on %s: %s".formatted(units.path(), target.host(), state.words()));
      }
    }
    return missing;
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return GlusterMount.mounted(target).isEmpty() ? Set.of() : Set.of(MOUNTS);
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of();
  }
}
