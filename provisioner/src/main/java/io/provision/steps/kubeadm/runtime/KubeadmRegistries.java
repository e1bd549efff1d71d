package io.provision.steps.kubeadm.runtime;

import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import io.provision.resource.Absent;
import io.provision.resource.ManagedFile;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Checks;
import io.provision.step.Kind;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubernetes.images.RegistriesSection;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * {@code kubeadm-registries}: mirrors and certificates of image registries, as containerd reads
 * them at each pull. A file of ours for a registry that the inventory no longer names goes; those
 * of others stay.
 */
public record KubeadmRegistries() implements Step<Target.OnHost> {
  /** {@code look_registry_hosts FOLDER LINE}: folders whose hosts.toml begins with this line. */
  static final ShellFunction LOOK =
      new ShellFunction(
          "look_registry_hosts",
          """
          for file in "$1"/*/hosts.toml; do
            [ -f "$file" ] || continue
            [ "$(head -c 200 -- "$file" | tr -d '\\000' | head -n 1)" = "$2" ] || continue
            file=${file%/hosts.toml}
            printf '%s\\n' "${file##*/}"
          done
          return 0\
          """);

  /** Paths of the files that are ours. */
  private static final Question<Set<String>> OURS =
      Question.of(
          Kind.single(LOOK, KubeadmRegistries::ours), RegistryHosts.FOLDER, RegistryHosts.HEADER);

  private static Set<String> ours(Frame frame) {
    var paths = new TreeSet<String>();
    frame
        .output()
        .lines()
        .filter(folder -> folder.matches("[A-Za-z0-9._-]{1,260}") && !folder.startsWith("."))
        .forEach(folder -> paths.add("%s/%s/hosts.toml".formatted(RegistryHosts.FOLDER, folder)));
    return paths;
  }

  private static RegistryHosts hosts(Target target) {
    return new RegistryHosts(RegistriesSection.of(target.cluster()));
  }

  @Override
  public Probes probes(Target.OnHost target) {
    var probes = Probes.of(OURS);
    if (!hosts(target).problems().isEmpty()) {
      return probes; // what is refused has no files
    }
    for (var file : hosts(target).files()) {
      probes = probes.and(file.probes());
    }
    return probes;
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.CREATE, Change.Action.UPDATE, Change.Action.REMOVE);
  }

  @Override
  public List<Check.Refused> refusals(Target.OnHost target) {
    return hosts(target).problems().stream()
        .map(problem -> new Check.Refused(problem, "correct 'registries' in the inventory"))
        .toList();
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    var refusals = refusals(target);
    if (!refusals.isEmpty()) {
      return refusals.getFirst();
    }
    var files = hosts(target).files();
    var declared = files.stream().map(ManagedFile::path).toList();
    var checks = new ArrayList<Check>();
    files.forEach(file -> checks.add(file.check(seen)));
    seen.of(OURS).stream()
        .filter(path -> !declared.contains(path))
        .forEach(path -> checks.add(new Absent(path).removal()));
    return checks.isEmpty()
        ? new Check.Skipped("the inventory declares no mirrors")
        : Checks.together(checks);
  }
}
