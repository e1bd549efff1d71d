package io.provision.steps.kubernetes.settings;

import io.provision.model.Position;
import io.provision.model.Version;
import io.provision.section.DidYouMean;
import io.provision.section.Findings;
import io.provision.section.KnownFields;
import io.provision.section.KnownFields.Field;
import io.provision.section.Node.Mapping;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The names in settings of a containerd that each host has of its own. It skips what it does not
 * know in silence. Which version a host has is not known before the host is asked, so that an
 * inventory is held to the names of all versions, and a host to those of its own. Not checked: the
 * types of values, and what stands below plugins other than those that Kubernetes asks.
 */
public final class HostContainerd {
  private static final String PLUGINS = "plugins";

  /**
   * What Kubernetes asks: one plugin up to 1.7, and what stands there of it in 2.0 is two others.
   */
  private static final String CRI = "io.containerd.grpc.v1.cri";

  private static final Set<String> CRI_OF_2 =
      Set.of("io.containerd.cri.v1.images", "io.containerd.cri.v1.runtime");

  /** The versions of which the names are known, as the data file writes them. */
  private static final int[] VERSIONS = {106, 107, 200, 201, 202, 203};

  private static final int NEWEST = 203;

  private final KnownFields known = KnownFields.of(HostContainerd.class, "containerd-of-hosts");

  /** Says of names that no version has. Others may bring plugins, so that not all is an error. */
  void check(Mapping settings, Findings findings) {
    names(settings, "", findings);
  }

  private void names(Mapping mapping, String path, Findings findings) {
    var names = new TreeSet<String>();
    for (var version : VERSIONS) {
      names.addAll(known.below(path, version));
    }
    if (names.isEmpty()) {
      return;
    }
    mapping
        .entries()
        .forEach((key, entry) -> {
          var own = below(path, key);
          if (known.inAnyVersion(own).isEmpty()) {
            unknown(entry.key().position(), own, names, findings);
          } else if (entry.value() instanceof Mapping inner) {
            names(inner, own, findings);
          }
        });
  }

  /** Of plugins those of one kind are compared: the beginnings of all their names are alike. */
  private static void unknown(Position at, String path, TreeSet<String> names, Findings findings) {
    var name = path.substring(path.lastIndexOf('.') + 1);
    var start = name.lastIndexOf('/') + 1;
    var kind = name.substring(0, start);
    var ofKind =
        names.stream()
            .filter(it -> it.lastIndexOf('/') + 1 == start && it.startsWith(kind))
            .map(it -> it.substring(start))
            .toList();
    var meant = DidYouMean.nearest(name.substring(start), ofKind);
    var said =
        "no containerd from 1.6 to 2.3 has '%s', and it would skip it.".formatted(text(path));
    if (meant.isPresent()) {
      findings.add(at, said + " did you mean '%s'?".formatted(text(kind + meant.get())));
    } else {
      findings.warn(at, said + " it may be newer, or of a plugin that others make.");
    }
  }

  /**
   * What the containerd of this version would skip although others have it. Who writes what
   * Kubernetes asks in both ways means hosts of either, and each reads its own.
   *
   * @param settings what the inventory says for a host
   * @return a sentence without its full stop; empty where it reads all, or what is not known
   */
  public Optional<String> skipped(Map<String, ?> settings, Version version) {
    var plugins = new TreeMap<String, Object>();
    if (settings.get(PLUGINS) instanceof Map<?, ?> given) {
      given.forEach((name, value) -> plugins.put(String.valueOf(name), value));
    }
    if (plugins.containsKey(CRI) && plugins.keySet().removeAll(CRI_OF_2)) {
      plugins.remove(CRI);
    }
    var rest = new TreeMap<String, Object>(settings);
    rest.put(PLUGINS, plugins);
    return skipped(rest, "", version);
  }

  private Optional<String> skipped(Map<?, ?> settings, String path, Version version) {
    var number = Math.min(version.major() * 100 + version.minor(), NEWEST);
    for (var setting : settings.entrySet()) {
      var own = below(path, String.valueOf(setting.getKey()));
      var elsewhere = known.inAnyVersion(own);
      if (elsewhere.isPresent() && known.find(own, number).isEmpty()) {
        return Optional.of(
            "'containerd.%s' is for containerd %s, and would be skipped"
                .formatted(text(own), versions(elsewhere.get())));
      }
      if (setting.getValue() instanceof Map<?, ?> inner) {
        var deeper = skipped(inner, own, version);
        if (deeper.isPresent()) {
          return deeper;
        }
      }
    }
    return Optional.empty();
  }

  private static String below(String path, String key) {
    return path.isEmpty() ? key : path + "." + (path.equals(PLUGINS) ? key.replace('.', '/') : key);
  }

  /** As it is written. */
  private static String text(String path) {
    return path.replace('/', '.');
  }

  private static String versions(Field field) {
    var from = number(field.from());
    if (field.to() == Integer.MAX_VALUE) {
      return "from %s on".formatted(from);
    }
    var to = number(field.to());
    return field.from() == 0 ? "up to " + to : "from %s to %s".formatted(from, to);
  }

  private static String number(int version) {
    return version / 100 + "." + version % 100;
  }
}
