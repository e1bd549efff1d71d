package io.provision.steps.kubeadm.runtime;

import io.provision.remote.Script;
import io.provision.resource.Piece;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Repair;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The plugins that pods get their network by lie where manifests of network plugins expect them:
 * those of the system's package by links.
 */
record CniPlugins() implements Piece {
  /** What flannel's and Calico's configurations name, and containerd for every pod. */
  static final List<String> NEEDED = List.of("bridge", "host-local", "loopback", "portmap");

  @Override
  public Probes probes() {
    return Probes.of(RuntimeLooks.CNI);
  }

  @Override
  public Check check(Observations seen) {
    var plugins = seen.of(RuntimeLooks.CNI);
    var missing = new TreeSet<>(NEEDED);
    missing.removeAll(plugins.usable());
    var brought = new HashSet<String>();
    plugins.packaged().forEach(path -> brought.add(path.substring(path.lastIndexOf('/') + 1)));
    missing.removeAll(brought);
    if (!missing.isEmpty()) {
      return new Check.Unknown(
          "where the CNI plugins %s are: they are not installed yet"
              .formatted(String.join(", ", missing)),
          Set.of(Change.Action.CREATE));
    }
    return plugins.packaged().isEmpty() ? new Check.InSync() : link(plugins.packaged());
  }

  private static Check link(Set<String> packaged) {
    var sorted = List.copyOf(new TreeSet<>(packaged));
    var words = new ArrayList<String>();
    words.add(RuntimeLooks.PLUGINS_FOLDER);
    words.addAll(sorted);
    var from = sorted.getFirst().substring(0, sorted.getFirst().lastIndexOf('/'));
    return new Check.Drift(
        List.of(
            Change.of(
                Change.Action.CREATE,
                RuntimeLooks.PLUGINS_FOLDER,
                "",
                "links to %d plugins in %s".formatted(sorted.size(), from))),
        new Repair.OnHost(Script.of(RuntimeLooks.LINK, words.toArray(String[]::new))));
  }
}
