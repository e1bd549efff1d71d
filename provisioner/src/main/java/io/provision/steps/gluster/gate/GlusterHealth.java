package io.provision.steps.gluster.gate;

import io.provision.model.Host;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Parameter;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.gluster.answers.Pool;
import io.provision.steps.gluster.answers.Reading;
import io.provision.steps.gluster.answers.VolumeInfo;
import io.provision.steps.gluster.pool.DeclaredStorage;
import io.provision.steps.gluster.pool.GlusterLook;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * {@code gluster-health}: what each storage host sees of the pool, and what the first few of them
 * hear of processes and of what waits to be healed. For the gate: it looks three times. Changes
 * nothing.
 *
 * @param once looks a single time; nothing counts as healthy on that
 */
public record GlusterHealth(
    @Parameter(
            value = "Whether it looks a single time; nothing counts as healthy on that.",
            usual = "false",
            example = "true")
        boolean once)
    implements Step<Target.OnHost> {
  /** How many hosts ask the whole pool: one that answers is enough, and they disturb each other. */
  private static final int ASKING = 3;

  public static final Output<Seen> HEALTH = new Output<>("gluster-health", Seen.class);

  /**
   * What one host saw.
   *
   * @param samples one after the other
   * @param space of its bricks, by their paths
   */
  public record Seen(
      String uuid, List<HealthSamples.Sample> samples, Map<String, BrickSpace> space) {
    public Seen {
      samples = List.copyOf(samples);
      space = Collections.unmodifiableMap(new TreeMap<>(space));
    }

    /** Of one look. */
    public Seen(
        String uuid,
        Reading<Pool> pool,
        Reading<List<VolumeInfo>> volumes,
        Optional<HealthSamples.Asked> asked) {
      this(uuid, List.of(new HealthSamples.Sample(pool, volumes, asked)), Map.of());
    }

    /** What the first look saw. */
    public Reading<Pool> pool() {
      return samples.isEmpty() ? new Reading.Unknown<>("no answer") : samples.getFirst().pool();
    }

    public Reading<List<VolumeInfo>> volumes() {
      return samples.isEmpty() ? new Reading.Unknown<>("no answer") : samples.getFirst().volumes();
    }

    public Optional<HealthSamples.Asked> asked() {
      return samples.stream().findFirst().flatMap(HealthSamples.Sample::asked);
    }

    @Override
    public String toString() {
      return "%d samples".formatted(samples.size());
    }
  }

  private static boolean asks(Target.OnHost target) {
    return DeclaredStorage.storage(target.inventory()).stream()
        .limit(ASKING)
        .map(Host::name)
        .anyMatch(target.host().name()::equals);
  }

  private Question<List<HealthSamples.Sample>> samples(Target.OnHost target) {
    return HealthSamples.question(once ? 1 : HealthSamples.ENOUGH, asks(target));
  }

  @Override
  public Probes probes(Target.OnHost target) {
    if (!DeclaredStorage.concerns(target)) {
      return Probes.NONE;
    }
    var questions = new ArrayList<Question<?>>(List.of(GlusterLook.UUID, samples(target)));
    DeclaredStorage.volumes(target.inventory())
        .forEach(it -> questions.add(BrickSpace.of(it.brick())));
    return Probes.ofAll(questions);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    if (!DeclaredStorage.concerns(target)) {
      return DeclaredStorage.NO_VOLUMES;
    }
    return new Check.InSync(Observed.of(HEALTH, seen(target, seen)));
  }

  /** What the answers of a host say, which storage concerns. */
  Seen seen(Target.OnHost target, Observations seen) {
    var space = new TreeMap<String, BrickSpace>();
    for (var volume : DeclaredStorage.volumes(target.inventory())) {
      seen.of(BrickSpace.of(volume.brick())).ifPresent(it -> space.put(volume.brick(), it));
    }
    return new Seen(seen.of(GlusterLook.UUID), seen.of(samples(target)), space);
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return DeclaredStorage.concerns(target) ? Set.of(HEALTH) : Set.of();
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of();
  }
}
