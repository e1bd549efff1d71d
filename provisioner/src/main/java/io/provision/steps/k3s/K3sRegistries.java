package io.provision.steps.k3s;

import io.provision.render.YamlContent;
import io.provision.resource.FileMode;
import io.provision.resource.ManagedFile;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import java.util.Optional;
import java.util.Set;

/**
 * Mirrors and logins of image registries, as k3s reads them
 * (docs.k3s.io/installation/private-registry).
 */
public record K3sRegistries() implements Step<Target.OnHost> {
  @Override
  public Probes probes(Target.OnHost target) {
    return file(target).map(ManagedFile::probes).orElse(Probes.NONE);
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.CREATE, Change.Action.UPDATE);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    return file(target)
        .map(file -> file.check(seen))
        .orElseGet(() -> new Check.Skipped("the inventory declares no registries"));
  }

  private static Optional<ManagedFile> file(Target.OnHost target) {
    var registries = target.cluster().registries();
    if (registries.isEmpty()) {
      return Optional.empty();
    }
    var content = YamlContent.of(registries);
    return Optional.of(ManagedFile.of(K3s.REGISTRIES, content).withMode(FileMode.PRIVATE));
  }
}
