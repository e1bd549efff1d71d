package io.provision.steps.k3s;

import io.provision.desk.DeskChange;
import io.provision.desk.DeskChange.ArtifactId;
import io.provision.desk.DeskQuestion;
import io.provision.model.Sha256;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The images of storage classes, pinned, where the operator offers them. */
public record K3sStorageArtifacts() implements Step<Target.OnDesk> {

  @Override
  public Probes probes(Target.OnDesk target) {
    return StorageImages.wanted(target) ? Probes.of(offered(target), pins(target)) : Probes.NONE;
  }

  private static Set<ArtifactId> all(Target.OnDesk target) {
    return StorageImages.ARCHITECTURES.stream()
        .map(arch -> StorageImages.artifact(target, arch))
        .flatMap(Optional::stream)
        .collect(Collectors.toSet());
  }

  private static DeskQuestion.Offered offered(Target.OnDesk target) {
    return new DeskQuestion.Offered(all(target));
  }

  private static DeskQuestion.Pins pins(Target.OnDesk target) {
    var ids = all(target).stream().map(ArtifactId::toString).collect(Collectors.toSet());
    return new DeskQuestion.Pins(K3s.lockFile(target.inventory()), ids);
  }

  @Override
  public Set<Output<?>> provides(Target.OnDesk target) {
    return Set.of(StorageImages.DIGESTS);
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.FETCH);
  }

  @Override
  public Check check(Target.OnDesk target, Observations seen, Known known) {
    if (!StorageImages.wanted(target)) {
      return new Check.Skipped("no volume names a storage class", none());
    }
    var images = new TreeMap<String, Sha256>();
    var missing = new ArrayList<ArtifactId>();
    for (var id : seen.of(offered(target))) {
      var pin = seen.of(pins(target)).get(id.toString());
      if (pin == null) {
        missing.add(id);
      } else {
        images.put(id.arch(), pin);
      }
    }
    missing.sort(java.util.Comparator.comparing(ArtifactId::toString));
    if (!missing.isEmpty()) {
      return new Check.Drift(
          missing.stream()
              .map(id -> Change.of(Change.Action.FETCH, id.toString(), "", "known after download"))
              .toList(),
          new Repair.OnDesk(
              new DeskChange.PinArtifacts(K3s.lockFile(target.inventory()), missing)));
    }
    var observed = Observed.of(StorageImages.DIGESTS, new Digests(Map.of(), images));
    return images.isEmpty()
        ? new Check.Skipped("the nodes pull them: none are in the artifact directory", observed)
        : new Check.InSync(observed);
  }

  private static Observed none() {
    return Observed.of(StorageImages.DIGESTS, new Digests(Map.of(), Map.of()));
  }
}
