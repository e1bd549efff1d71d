package io.provision.load.inventory;

import io.provision.load.inventory.Documents.ClusterDocument;
import io.provision.load.yaml.Problems;
import io.provision.model.Version;
import io.provision.section.KnownFields;
import io.provision.section.Node;
import io.provision.section.Node.Mapping;
import io.provision.section.Node.Scalar;
import io.provision.section.Node.Sequence;
import io.provision.section.SecretWords;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What can be wrong with the settings of kubelet, kube-proxy and containerd: fields that their
 * version does not have, values of another type, what k3s decides itself, secrets in files that
 * plans show.
 */
record ProgramChecks(Draft draft, ClusterDocument cluster, Problems problems) {
  /** The distribution that reads files of such settings in ways of its own. */
  private static final String K3S = "k3s";

  /** The newest version of which the data files have the fields. */
  private static final int NEWEST = 36;

  private static final Map<String, String> PROGRAMS =
      Map.of("kubelet", "the kubelet", "kube_proxy", "kube-proxy", "containerd", "containerd");

  /**
   * From which version on k3s reads a file of such settings. Kubelet and kube-proxy: k3s writes its
   * own as files since v1.32.0 (k3s-io/k3s#10433); before, its flags win over any file. containerd:
   * {@code config-v3.toml.d} or a template of version 3, without a gap since v1.33.0.
   */
  private static final Map<String, Version> SINCE =
      Map.of(
          "kubelet", Version.parse("v1.32.0"),
          "kube_proxy", Version.parse("v1.32.0"),
          "containerd", Version.parse("v1.33.0"));

  /** What there is instead of a file in older versions. */
  private static final Map<String, String> OTHERWISE =
      Map.of(
          "kubelet", "an option of k3s (k3s: { kubelet-arg: [NAME=VALUE] })",
          "kube_proxy", "an option of k3s (k3s: { kube-proxy-arg: [NAME=VALUE] })",
          "containerd", "a template of containerd's configuration on the host");

  /**
   * What a program of kubeadm's cluster is told by us or by a flag, which wins over its file
   * (kube-proxy's DaemonSet: kubernetes, cmd/kubeadm/app/phases/addons/proxy/manifests.go). What
   * containerd may be told depends on the version that the host has, so that its fields are not
   * known here.
   */
  private static final Map<String, Map<String, String>> DECIDED_BY_KUBEADM =
      Map.of(
          "kubelet",
              Map.of(
                  "apiVersion", "provision writes it. take it out.",
                  "kind", "provision writes it. take it out."),
          "kube_proxy",
              Map.of(
                  "apiVersion", "provision writes it. take it out.",
                  "kind", "provision writes it. take it out.",
                  "hostnameOverride", "kubeadm sets it by a flag, which wins. take it out."));

  /** What k3s says by a flag, which wins over a file; and what we write. */
  private static final Map<String, Map<String, String>> DECIDED_BY_K3S =
      Map.of(
          "kubelet",
              Map.of(
                  "apiVersion", "provision writes it. take it out.",
                  "kind", "provision writes it. take it out.",
                  "readOnlyPort",
                      "k3s sets it by a flag, which wins. write k3s: { kubelet-arg: [read-only-port=10255] }."),
          "kube_proxy",
              Map.of(
                  "apiVersion", "provision writes it. take it out.",
                  "kind", "provision writes it. take it out.",
                  "hostnameOverride", "k3s sets it by a flag, which wins. take it out."),
          "containerd",
              Map.of(
                  "version", "it is 3. take it out.",
                  "imports", "k3s writes it. take it out.",
                  "root", "k3s writes it. take it out.",
                  "state", "k3s writes it. take it out."));

  void run() {
    if (!draft.isKubernetes()) {
      return;
    }
    all(cluster.source());
    draft.hosts().forEach(host -> all(host.document().source()));
  }

  private void all(Mapping source) {
    for (var program : PROGRAMS.keySet()) {
      if (source.find(program).orElse(null) instanceof Mapping settings) {
        one(program, source, settings);
      }
    }
  }

  private void one(String program, Mapping source, Mapping settings) {
    var name = String.valueOf(PROGRAMS.get(program));
    secrets(settings, program);
    var version = cluster.version();
    if (version.isEmpty()) {
      return;
    }
    var since = Objects.requireNonNull(SINCE.get(program));
    if (isK3s() && isBefore(version.get(), since)) {
      problems.add(
          source.at(program),
          "settings of %s need k3s %s or later, and this is %s. take a later version, or %s."
              .formatted(name, since, version.get(), OTHERWISE.get(program)));
      return;
    }
    var decided = (isK3s() ? DECIDED_BY_K3S : DECIDED_BY_KUBEADM).get(program);
    if (decided == null) {
      return;
    }
    var others = new LinkedHashMap<>(settings.entries());
    decided.forEach((key, remedy) -> {
      var entry = others.remove(key);
      if (entry != null) {
        problems.add(
            entry.key().position(), "'%s.%s' is not to be set: %s".formatted(program, key, remedy));
      }
    });
    var minor = version.get().minor();
    new FieldChecks(
            name,
            KnownFields.of(ProgramChecks.class, program.replace('_', '-')),
            Math.min(minor, NEWEST),
            minor <= NEWEST,
            problems)
        .run(new Mapping(others, settings.position()));
  }

  private boolean isK3s() {
    return draft.distribution().name().equals(K3S);
  }

  private static boolean isBefore(Version version, Version since) {
    return version.major() < since.major()
        || version.major() == since.major() && version.minor() < since.minor();
  }

  private void secrets(Node node, String program) {
    switch (node) {
      case Mapping mapping ->
          mapping.entries().values().forEach(entry -> secrets(entry.value(), program));
      case Sequence(var items, var _) -> items.forEach(item -> secrets(item, program));
      case Scalar scalar -> {
        if (SecretWords.isReference(scalar.text())) {
          problems.add(
              scalar.position(),
              "settings of %s are shown by plans, so that no secret can be in them. name a file on the host."
                  .formatted(PROGRAMS.get(program)));
        }
      }
    }
  }
}
