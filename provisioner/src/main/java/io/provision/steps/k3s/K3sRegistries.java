package io.provision.steps.k3s;

import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import io.provision.render.YamlContent;
import io.provision.resource.Absent;
import io.provision.resource.FileMode;
import io.provision.resource.Files;
import io.provision.resource.ManagedFile;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Kind;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubernetes.images.RegistriesSection;
import java.util.Optional;
import java.util.Set;

/**
 * Mirrors and logins of image registries, as k3s reads them
 * (docs.k3s.io/installation/private-registry). Where the inventory declares none any more our file
 * is gone, and the unit that was started with it is restarted; a file of somebody else stays.
 */
public record K3sRegistries() implements Step<Target.OnHost> {
  static final String HEADER =
      "# Written by provision from the inventory; changes made here are undone.\n";

  /** {@code look_first_line PATH}: it alone, for the rest may hold passwords. */
  static final ShellFunction FIRST_LINE =
      new ShellFunction(
          "look_first_line",
          """
          [ -f "$1" ] || return 0
          head -c 200 -- "$1" | tr -d '\\\\000' | head -n 1\
          """);

  /** Whether a file says in its first line that we wrote it. */
  static final Question<Boolean> IS_OURS =
      Question.of(Kind.single(FIRST_LINE, K3sRegistries::isOurs), K3s.REGISTRIES);

  private static final Absent GONE = new Absent(K3s.REGISTRIES);

  private static boolean isOurs(Frame frame) {
    return frame.output().strip().equals(HEADER.strip());
  }

  @Override
  public Probes probes(Target.OnHost target) {
    return file(target)
        .map(ManagedFile::probes)
        .orElseGet(() -> GONE.probes().and(Probes.of(IS_OURS)));
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.CREATE, Change.Action.UPDATE, Change.Action.REMOVE);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    return file(target).map(file -> file.check(seen)).orElseGet(() -> undeclared(seen));
  }

  private static Check undeclared(Observations seen) {
    var none = "the inventory declares no registries";
    if (!seen.of(Files.at(K3s.REGISTRIES)).exists()) {
      return new Check.Skipped(none);
    }
    return seen.of(IS_OURS)
        ? GONE.check(seen)
        : new Check.Skipped(
            "%s; %s does not say that provision wrote it, and stays"
                .formatted(none, K3s.REGISTRIES));
  }

  /** The file, where the inventory declares registries. */
  static Optional<ManagedFile> file(Target.OnHost target) {
    var registries = RegistriesSection.of(target.cluster());
    if (registries.isEmpty()) {
      return Optional.empty();
    }
    // no template: its secrets are asked for when it is written, and a rendered text has them all
    var content = YamlContent.of(HEADER, registries);
    return Optional.of(ManagedFile.of(K3s.REGISTRIES, content).withMode(FileMode.PRIVATE));
  }
}
