package io.provision.steps.k3s;

import io.provision.model.Cluster.Cni;
import io.provision.section.Findings;
import io.provision.section.Node;
import io.provision.section.Node.Entry;
import io.provision.section.Node.Mapping;
import io.provision.section.Node.Scalar;
import io.provision.section.Node.Sequence;
import io.provision.section.Outline;
import io.provision.section.SecretWords;
import io.provision.section.ValueSection;
import io.provision.steps.kubernetes.settings.KubeProxySection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the inventory says at {@code k3s}, which can stand at the cluster and at each host. */
record K3sSection(Mapping source, Map<OptionName, Object> options) implements ValueSection {
  static final String KEY = "k3s";

  @Override
  public K3sOptions settled() {
    var values = new LinkedHashMap<String, Object>();
    options.forEach((name, value) -> values.put(name.value(), value));
    return new K3sOptions(values);
  }

  @Override
  public void check(Outline outline, Findings findings) {
    secrets(findings);
    if (outline.distribution().isEmpty()) {
      return;
    }
    var distribution = outline.distribution().get();
    if (!distribution.equals(K3sDistribution.DECLARED)) {
      findings.add(
          source.position(),
          "'k3s' is for distribution k3s, and this is %s. take it out."
              .formatted(distribution.name()));
    } else if (outline.host().filter(it -> !it.isNode()).isPresent()) {
      outline.meaningless(KEY, "on a host that is not a node of a cluster", findings);
    } else {
      outline
          .version()
          .ifPresent(it -> new KnownOptions(it, findings).check(free(), mayBeServer(outline)));
      proxy(outline, findings);
      flannel(outline, findings);
    }
  }

  /** All but those of which more is said already. */
  private List<Entry> free() {
    return source.entries().values().stream()
        .filter(entry -> !OptionName.isReserved(entry.key().text()))
        .toList();
  }

  /** What stands at the cluster is for its servers as well. */
  private static boolean mayBeServer(Outline outline) {
    return outline.host().map(Outline.OutlinedHost::isServer).orElse(true);
  }

  /** Its configuration can hold none, for plans show it. */
  private void secrets(Findings findings) {
    for (var entry : free()) {
      var name = entry.key().text();
      if (isSecret(OptionName.option(name), entry.value())) {
        findings.add(
            entry.key().position(),
            "'k3s.%s' is a secret, and plans show this file. keep it in a file of mode 0600 on the hosts, and set the option that names that file."
                .formatted(name));
      }
    }
  }

  private static boolean isSecret(String key, Node value) {
    return switch (value) {
      case Scalar scalar ->
          SecretWords.isReference(scalar.text()) || !scalar.isNull() && SecretWords.isKey(key);
      case Mapping mapping ->
          mapping.entries().entrySet().stream()
              .anyMatch(each -> isSecret(each.getKey(), each.getValue().value()));
      case Sequence(var items, var _) -> items.stream().anyMatch(item -> isSecret("", item));
    };
  }

  /** kube-proxy reads no flag once it has a file (kubernetes: cmd/kube-proxy/app/options.go). */
  private void proxy(Outline outline, Findings findings) {
    var flags = source.entries().get("kube-proxy-arg");
    if (outline.has(KubeProxySection.KEY) && flags != null) {
      findings.add(
          flags.key().position(),
          "with 'kube_proxy' kube-proxy reads a file and no flags. write 'kube-proxy-arg' as fields of 'kube_proxy'.");
    }
  }

  /** Options that would undo what the plugin needs: what is written goes over ours. */
  private void flannel(Outline outline, Findings findings) {
    if (outline.cni() != Cni.CALICO) {
      return;
    }
    if (source.entries().containsKey("flannel-backend")) {
      findings.add(
          source.position(),
          "'flannel-backend' is flannel's, and the network of pods is calico. take it out.");
    }
    if (source.entries().containsKey("disable-network-policy")) {
      findings.add(
          source.position(),
          "'disable-network-policy' is true with cni: calico, which has policies of its own. take it out.");
    }
  }
}
