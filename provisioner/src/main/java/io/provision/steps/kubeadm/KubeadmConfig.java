package io.provision.steps.kubeadm;

import io.provision.resource.Absent;
import io.provision.resource.Directory;
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
import io.provision.steps.kubeadm.adoption.ForeignNode;
import io.provision.steps.kubeadm.names.ResolvConf;
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.kubernetes.settings.KubeProxySection;
import io.provision.steps.kubernetes.settings.KubeletStays;
import io.provision.steps.kubernetes.settings.Overrides;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code kubeadm-config}: the configuration that a control plane begins with, or a worker joins
 * with, and this host's patches. Of a node that lives they say what it was made with: what of that
 * can become another is left to {@code kubeadm-settings}, and the rest is refused.
 */
public record KubeadmConfig() implements Step<Target.OnHost> {
  private static final List<String> PATHS =
      List.of(
          Kubeadm.INIT,
          Kubeadm.JOIN,
          Kubeadm.UPGRADE,
          Kubeadm.SETTINGS,
          KubeadmFiles.KUBELET_PATCH,
          Kubeadm.KUBELET_HAS);

  /** kubeadm wants it to be there, also where there is nothing to patch. */
  private static final Directory FOLDER = Directory.of(Kubeadm.PATCHES);

  @Override
  public Probes probes(Target.OnHost target) {
    var probes =
        Probes.of(KubeadmLooks.BASICS, ResolvConf.QUESTION, Files.text(KubeletStays.CONFIG))
            .and(new KubeadmAdoption().probes(target))
            .and(FOLDER.probes());
    for (var path : PATHS) {
      probes = probes.and(Probes.of(Files.text(path))).and(new Absent(path).probes());
    }
    return probes;
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    var needs = new LinkedHashSet<>(KubeadmAdoption.ofCluster(target));
    needs.add(Need.all(Nodes.ADDRESS, List.of(target.host())));
    return needs;
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
    var lives = basics.livesAs(Nodes.isServer(target.host()));
    var files = KubeadmFiles.of(target, known);
    if (!lives) {
      return ResolvConf.refusal(target, seen)
          .orElseGet(() -> compare(wanted(files, Nodes.isServer(target.host())), seen));
    }
    var lost =
        seen.of(ForeignNode.QUESTION).isThere()
            ? KubeadmAdoption.refusal(target, seen, known)
            : Optional.<Check>empty();
    if (lost.isPresent()) {
      return lost.get();
    }
    var init = seen.of(Files.text(Kubeadm.INIT));
    var asked = MadeWith.of(files.init());
    var made = Nodes.isServer(target.host()) ? MadeWith.of(init) : Optional.<MadeWith>empty();
    if (made.isPresent() && !made.get().fixed().equals(asked.fixed())) {
      return refused(made.get().fixed(), asked.fixed());
    }
    var stays =
        KubeletStays.refusal(
            files.kubeletHas(),
            seen.of(Files.text(Kubeadm.KUBELET_HAS)),
            seen.of(Files.text(KubeletStays.CONFIG)));
    if (stays.isPresent()) { // before its patch is there, which an upgrade would take
      return stays.get();
    }
    var wanted = new ArrayList<>(wanted(files, Nodes.isServer(target.host())));
    if (made.isPresent() && !made.get().isSetAs(asked)) {
      wanted.removeIf(file -> file.path().equals(Kubeadm.INIT));
    }
    wanted.removeIf(file -> file.path().equals(Kubeadm.KUBELET_HAS));
    return compare(wanted, seen);
  }

  private static List<ManagedFile> wanted(KubeadmFiles files, boolean isServer) {
    var wanted = new ArrayList<ManagedFile>();
    if (isServer) {
      wanted.add(files.init());
    }
    wanted.add(files.join());
    wanted.add(files.upgrade());
    wanted.add(files.settings());
    wanted.addAll(files.patches());
    wanted.add(files.kubeletHas());
    return wanted;
  }

  private static Check compare(List<ManagedFile> wanted, Observations seen) {
    var checks = new ArrayList<Check>();
    checks.add(FOLDER.check(seen));
    wanted.forEach(file -> checks.add(file.check(seen.of(Files.text(file.path())))));
    var paths = wanted.stream().map(ManagedFile::path).toList();
    PATHS.stream()
        .filter(path -> !paths.contains(path) && !isRecord(path))
        .forEach(path -> checks.add(new Absent(path).check(seen)));
    return Checks.together(checks);
  }

  /** It stays until what it says has become another. */
  private static boolean isRecord(String path) {
    return path.equals(Kubeadm.INIT) || path.equals(Kubeadm.KUBELET_HAS);
  }

  private static Check refused(String is, String should) {
    return new Check.Refused(
        "%s says what the cluster was made with, and the inventory says '%s' where it says '%s': that cannot be changed while the cluster lives"
            .formatted(Kubeadm.INIT, difference(should, is), difference(is, should)),
        "set it back in the inventory; another one needs a new cluster");
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
