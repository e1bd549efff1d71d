package io.provision.load.inventory;

import java.util.LinkedHashMap;
import java.util.Map;

/** Network plugins that people ask for and nothing here carries out, with what to use instead. */
final class OtherPlugins {
  /** https://github.com/weaveworks/weave: archived on 2024-06-20, its company closed before. */
  private static final String GONE =
      "Weave Net is given up: its company closed and its repository was archived in June 2024. take flannel, or calico where you need network policies.";

  private static final String OTHER =
      "nothing here carries that out. take flannel, or calico where you need network policies.";

  /** A sentence for each, by the word that people write. */
  static final Map<String, String> WORDS = words();

  private OtherPlugins() {}

  private static Map<String, String> words() {
    var words = new LinkedHashMap<String, String>();
    for (var weave : new String[] {"weave", "weave-net", "weavenet"}) {
      words.put(weave, GONE);
    }
    for (var other : new String[] {"antrea", "cilium", "kube-ovn", "kube-router"}) {
      words.put(other, OTHER);
    }
    words.put("canal", "that is flannel with Calico's policies. take calico, which is both.");
    words.put(
        "multus", "that adds networks to one that is there. take flannel or calico, and add it.");
    words.put("none", "without a network of pods no node is ever Ready. take flannel or calico.");
    return Map.copyOf(words);
  }
}
