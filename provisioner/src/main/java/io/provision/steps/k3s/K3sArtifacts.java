package io.provision.steps.k3s;

import io.provision.desk.DeskChange;
import io.provision.desk.DeskChange.ArtifactId;
import io.provision.desk.DeskQuestion;
import io.provision.model.Sha256;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The binary of this version, and its images where the operator offers them, fetched and pinned for
 * every architecture that the hosts have.
 */
public record K3sArtifacts() implements Step<Target.OnDesk> {
  static final String PROGRAM = "k3s";
  static final String IMAGES = "images.tar.zst";
  private static final List<String> ARCHITECTURES = List.of("amd64", "arm64");

  @Override
  public Probes probes(Target.OnDesk target) {
    return Probes.of(pins(target), offered(target));
  }

  private static DeskQuestion.Pins pins(Target.OnDesk target) {
    var ids = new LinkedHashSet<String>();
    for (var arch : ARCHITECTURES) {
      ids.add(K3s.artifact(target, arch, PROGRAM).toString());
      ids.add(K3s.artifact(target, arch, IMAGES).toString());
    }
    return new DeskQuestion.Pins(K3s.lockFile(target.inventory()), ids);
  }

  private static DeskQuestion.Offered offered(Target.OnDesk target) {
    var ids = new LinkedHashSet<ArtifactId>();
    ARCHITECTURES.forEach(arch -> ids.add(K3s.artifact(target, arch, IMAGES)));
    return new DeskQuestion.Offered(ids);
  }

  @Override
  public Set<Need> needs(Target.OnDesk target) {
    return Set.of(Need.some(K3s.STATE, K3s.nodes(target.inventory())));
  }

  @Override
  public Set<Output<?>> provides(Target.OnDesk target) {
    return Set.of(K3s.DIGESTS);
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.FETCH);
  }

  @Override
  public Check check(Target.OnDesk target, Observations seen, Known known) {
    var architectures = new TreeSet<String>();
    known.all(K3s.STATE).values().forEach(state -> architectures.add(state.arch()));
    if (architectures.isEmpty()) {
      return new Check.Skipped("no node could be examined");
    }
    var pins = seen.of(pins(target));
    var missing = new ArrayList<ArtifactId>();
    var binaries = new TreeMap<String, Sha256>();
    var images = new TreeMap<String, Sha256>();
    for (var arch : architectures) {
      want(K3s.artifact(target, arch, PROGRAM), pins, binaries, missing);
      var image = K3s.artifact(target, arch, IMAGES);
      if (seen.of(offered(target)).contains(image)) {
        want(image, pins, images, missing);
      }
    }
    if (missing.isEmpty()) {
      return new Check.InSync(Observed.of(K3s.DIGESTS, new Digests(binaries, images)));
    }
    return new Check.Drift(
        missing.stream()
            .map(id -> Change.of(Change.Action.FETCH, id.toString(), "", "known after download"))
            .toList(),
        new Repair.OnDesk(
            new DeskChange.PinArtifacts(K3s.lockFile(target.inventory()), List.copyOf(missing))));
  }

  private static void want(
      ArtifactId id,
      Map<String, Sha256> pins,
      Map<String, Sha256> found,
      List<ArtifactId> missing) {
    var pin = pins.get(id.toString());
    if (pin == null) {
      missing.add(id);
    } else {
      found.put(id.arch(), pin);
    }
  }
}
