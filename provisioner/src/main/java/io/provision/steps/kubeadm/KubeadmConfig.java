package io.provision.steps.kubeadm;

import io.provision.model.Content;
import io.provision.resource.Absent;
import io.provision.resource.Directory;
import io.provision.resource.FileState;
import io.provision.resource.Files;
import io.provision.resource.ManagedFile;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Checks;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.kubernetes.settings.KubeProxySection;
import io.provision.steps.kubernetes.settings.Overrides;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * {@code kubeadm-config}: the configuration that a control plane begins with, or a worker joins
 * with, and this host's patches. Of a node that lives they say what it was made with: what differs
 * then is refused, for nothing would carry it out.
 */
public record KubeadmConfig() implements Step<Target.OnHost> {
  private static final List<String> PATHS =
      List.of(Kubeadm.INIT, Kubeadm.JOIN, Kubeadm.UPGRADE, KubeadmFiles.KUBELET_PATCH);

  /** kubeadm wants it to be there, also where there is nothing to patch. */
  private static final Directory FOLDER = Directory.of(Kubeadm.PATCHES);

  /** The version, which an upgrade brings. */
  private static final Pattern VERSION = Pattern.compile("(?m)^kubernetesVersion: .*$");

  /** Names of the API, for which a new certificate is made. */
  private static final Pattern NAMES = Pattern.compile("(?m)^  certSANs:\n(    - .*\n)*");

  @Override
  public Probes probes(Target.OnHost target) {
    var probes = Probes.of(KubeadmLooks.BASICS, ResolvConf.QUESTION).and(FOLDER.probes());
    for (var path : PATHS) {
      probes = probes.and(Probes.of(Files.text(path))).and(new Absent(path).probes());
    }
    return probes;
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    return Set.of(Need.all(Nodes.ADDRESS, List.of(target.host())));
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.CREATE, Change.Action.UPDATE, Change.Action.REMOVE);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    var refusals = refusals(target);
    if (!refusals.isEmpty()) {
      return refusals.getFirst();
    }
    var basics = seen.of(KubeadmLooks.BASICS);
    var lives = Nodes.isServer(target.host()) ? basics.isLiving() : basics.isJoined();
    var address =
        java.util.Objects.requireNonNull(known.all(Nodes.ADDRESS).get(target.host().name()));
    var wanted = wanted(new KubeadmFiles(target, address), Nodes.isServer(target.host()));
    if (lives) {
      var changed = changed(wanted, seen);
      if (changed.isPresent()) {
        return changed.get();
      }
    } else {
      var loop = ResolvConf.refusal(target, seen);
      if (loop.isPresent()) {
        return loop.get();
      }
    }
    return compare(wanted, seen);
  }

  private static List<ManagedFile> wanted(KubeadmFiles files, boolean isServer) {
    var wanted = new ArrayList<ManagedFile>();
    if (isServer) {
      wanted.add(files.init());
    }
    wanted.add(files.join());
    wanted.add(files.upgrade());
    wanted.addAll(files.patches());
    return wanted;
  }

  private static Check compare(List<ManagedFile> wanted, Observations seen) {
    var checks = new ArrayList<Check>();
    checks.add(FOLDER.check(seen));
    wanted.forEach(file -> checks.add(file.check(seen.of(Files.text(file.path())))));
    var paths = wanted.stream().map(ManagedFile::path).toList();
    PATHS.stream()
        .filter(path -> !paths.contains(path))
        .forEach(path -> checks.add(new Absent(path).check(seen)));
    return Checks.together(checks);
  }

  /**
   * What is said only to kubeadm itself, before the cluster's part, may be another any time; so may
   * the names of the API, and the version.
   */
  private static Optional<Check> changed(List<ManagedFile> wanted, Observations seen) {
    for (var path : PATHS) {
      var should =
          wanted.stream()
              .filter(file -> file.path().equals(path))
              .map(file -> lasting(path, text(file.content())))
              .findFirst()
              .orElse("");
      var is = text(path, seen.of(Files.text(path))).map(text -> lasting(path, text));
      if (is.isPresent() && !is.get().equals(should)) {
        return Optional.of(
            new Check.Refused(
                "%s says what the node was made with, and the inventory says '%s' where it says '%s': changing that on a living node is not built yet"
                    .formatted(path, difference(should, is.get()), difference(is.get(), should)),
                "set it back in the inventory"));
      }
    }
    return Optional.empty();
  }

  private static String lasting(String path, String text) {
    if (path.equals(Kubeadm.JOIN) || path.equals(Kubeadm.UPGRADE)) {
      return "";
    }
    var end = text.indexOf("\n---\n");
    return end < 0 || !path.equals(Kubeadm.INIT)
        ? text
        : VERSION.matcher(NAMES.matcher(text.substring(end)).replaceFirst("")).replaceFirst("");
  }

  private static String text(Content content) {
    return content instanceof Content.Plain plain ? plain.text() : "";
  }

  /** Empty where nothing tells what the node was made with; no patch says that it had none. */
  private static Optional<String> text(String path, FileState state) {
    return state.exists()
        ? state.text().map(Content.Plain::text)
        : path.equals(KubeadmFiles.KUBELET_PATCH) ? Optional.of("") : Optional.empty();
  }

  /** The first line of one that the other does not have; empty where there is none. */
  private static String difference(String one, String other) {
    var others = new LinkedHashSet<>(other.lines().toList());
    return one.lines().filter(line -> !others.contains(line)).findFirst().orElse("").strip();
  }

  @Override
  public List<Check.Refused> refusals(Target.OnHost target) {
    var refusals = new ArrayList<Check.Refused>();
    for (var setting : Overrides.secrets(target.host(), target.cluster())) {
      refusals.add(
          new Check.Refused(
              "'%s' is a secret, and plans show this file".formatted(setting),
              "keep it in a file of mode 0600 on the host, and set the option that names that file"));
    }
    if (target.host().sections().find(KubeProxySection.class).isPresent()) {
      refusals.add(
          new Check.Refused(
              "'kube_proxy' of one host: with kubeadm all nodes have one kube-proxy configuration",
              "set it under 'cluster'"));
    }
    return refusals;
  }
}
