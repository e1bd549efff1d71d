package io.provision.steps.kubeadm;

import io.provision.model.Content;
import io.provision.model.Sha256;
import io.provision.resource.FileState;
import io.provision.resource.ManagedFile;
import io.provision.step.Target;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What an {@link Kubeadm#INIT} of ours says of the cluster, by what can become of it while the
 * cluster lives. Its part for kubeadm itself may be another any time, and so may the version, which
 * an upgrade brings, and names of the API, for which a new certificate is made.
 *
 * @param fixed what stays as it is: names, addresses, networks
 * @param api options of the API servers
 * @param kubelet what every kubelet gets
 * @param proxy what every kube-proxy gets
 */
record MadeWith(String fixed, String api, String kubelet, String proxy) {
  private static final Pattern VERSION = Pattern.compile("(?m)^kubernetesVersion: .*$");
  private static final Pattern NAMES = Pattern.compile("(?m)^  certSANs:\n(    - .*\n)*");
  private static final String API = "\napiServer:\n";

  static MadeWith of(ManagedFile init) {
    return of(((Content.Plain) init.content()).text());
  }

  /** Empty where nothing tells what a cluster was made with. */
  static Optional<MadeWith> of(FileState init) {
    return init.text().map(Content.Plain::text).map(MadeWith::of);
  }

  /** What is not as we write it is all said to be fixed. */
  static MadeWith of(String text) {
    var documents = List.of(text.split("\n---\n", -1));
    var at = documents.size() == 4 ? documents.get(1).indexOf(API) : -1;
    if (at < 0) {
      return new MadeWith(text, "", "", "");
    }
    var api = documents.get(1).substring(at + API.length()) + "\n";
    return new MadeWith(
        VERSION.matcher(documents.get(1).substring(0, at)).replaceFirst(""),
        NAMES.matcher(api).replaceFirst(""),
        documents.get(2),
        documents.get(3));
  }

  /** As the inventory has it now; nothing of it but names hangs on a host's address. */
  static MadeWith wanted(Target.OnHost target) {
    return of(KubeadmFiles.ofNoHost(target).init());
  }

  /** Of all that can become another. */
  String settings() {
    var all = String.join("\n---\n", api, kubelet, proxy);
    return Sha256.of(all.getBytes(StandardCharsets.UTF_8)).hex();
  }

  /** Of what every kube-proxy gets. */
  String proxyDigest() {
    return Sha256.of(proxy.getBytes(StandardCharsets.UTF_8)).hex();
  }

  /** Whether nothing has to be done to nodes that were made with the other one. */
  boolean isSetAs(MadeWith other) {
    return api.equals(other.api) && kubelet.equals(other.kubelet) && proxy.equals(other.proxy);
  }
}
