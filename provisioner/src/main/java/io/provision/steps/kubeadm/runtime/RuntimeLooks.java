package io.provision.steps.kubeadm.runtime;

import io.provision.model.Version;
import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import io.provision.step.Kind;
import io.provision.step.Question;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Read-only questions about containerd and the plugins that pods get their network by. */
final class RuntimeLooks {
  /** Where manifests of network plugins expect them, and put their own. */
  static final String PLUGINS_FOLDER = "/opt/cni/bin";

  private static final ShellFunction VERSION =
      new ShellFunction(
          "look_containerd",
          """
          for program in /usr/bin/containerd /usr/local/bin/containerd; do
            [ -x "$program" ] || continue
            timeout 10 "$program" --version | head -c 500 | head -n 1
            return 0
          done
          return 0\
          """);

  /** Packages put them where their system has its libraries: Debian, then Red Hat. */
  private static final ShellFunction PLUGINS =
      new ShellFunction(
          "look_cni_plugins",
          """
          for plugin in /opt/cni/bin/*; do
            [ -x "$plugin" ] && [ -f "$plugin" ] && echo "usable ${plugin##*/}"
          done
          for plugin in /usr/lib/cni/* /usr/libexec/cni/*; do
            [ -x "$plugin" ] && [ -f "$plugin" ] || continue
            [ -e "/opt/cni/bin/${plugin##*/}" ] || echo "packaged $plugin"
          done
          return 0\
          """);

  /** {@code link_cni_plugins FOLDER PLUGIN...}: in the folder too, by their names. */
  static final ShellFunction LINK =
      new ShellFunction(
          "link_cni_plugins",
          """
          folder=$1
          shift
          (umask 022 && try mkdir -p -- "$folder") || return
          for plugin do
            try ln -sf -- "$plugin" "$folder/" || return
          done\
          """);

  private static final Pattern NUMBER =
      Pattern.compile("containerd \\S+ v?(\\d{1,4}\\.\\d{1,4}\\.\\d{1,4})\\b.*");

  private static final Pattern PLUGIN =
      Pattern.compile("packaged (/usr/(lib|libexec)/cni/[A-Za-z0-9._-]+)");

  /** The version of containerd; empty where there is none. */
  static final Question<Optional<Version>> CONTAINERD =
      Question.of(Kind.single(VERSION, RuntimeLooks::version));

  /** The plugins there are. */
  static final Question<Plugins> CNI = Question.of(Kind.single(PLUGINS, RuntimeLooks::plugins));

  /**
   * Plugins of the host.
   *
   * @param usable names of those in the folder
   * @param packaged paths of those that packages brought and that are not in it
   */
  record Plugins(Set<String> usable, Set<String> packaged) {
    Plugins {
      usable = Set.copyOf(usable);
      packaged = Set.copyOf(packaged);
    }
  }

  private RuntimeLooks() {}

  private static Optional<Version> version(Frame frame) {
    var matcher = NUMBER.matcher(frame.output().strip());
    return matcher.matches() ? Optional.of(Version.parse(matcher.group(1))) : Optional.empty();
  }

  private static Plugins plugins(Frame frame) {
    var usable = new TreeSet<String>();
    var packaged = new TreeSet<String>();
    for (var line : frame.output().split("\n")) {
      var matcher = PLUGIN.matcher(line);
      if (matcher.matches()) {
        packaged.add(matcher.group(1));
      } else if (line.matches("usable [A-Za-z0-9._-]+")) {
        usable.add(line.substring(line.indexOf(' ') + 1));
      }
    }
    return new Plugins(usable, packaged);
  }
}
