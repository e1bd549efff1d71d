package io.provision.steps.k3s;

import io.provision.model.Version;
import io.provision.remote.Frame;
import io.provision.remote.Pairs;
import io.provision.remote.ShellFunction;
import io.provision.step.Kind;
import io.provision.step.Question;
import io.provision.steps.k3s.adoption.ForeignK3s;
import io.provision.steps.kubernetes.Kubectl;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Read-only questions about k3s. They never call {@code k3s} itself, which unpacks itself on its
 * first call after an update, but what the running one has unpacked; and kubectl without its cache.
 */
final class K3sLooks {

  /** {@code k3s_kubectl ARGUMENT...}: kubectl as the server's own administrator. */
  static final ShellFunction KUBECTL =
      new ShellFunction(
          "k3s_kubectl",
          """
          admin_kubectl /var/lib/rancher/k3s/data/current/bin/kubectl \\
            /etc/rancher/k3s/k3s.yaml "$@"\
          """,
          List.of(Kubectl.ADMIN));

  /** {@code k3s_ready}: whether this server's API server says so. */
  static final ShellFunction READY =
      new ShellFunction(
          "k3s_ready",
          """
          systemctl is-active --quiet k3s.service || return 1
          [ "$(k3s_kubectl get --raw /readyz 2>/dev/null)" = ok ]\
          """,
          List.of(KUBECTL));

  private static final ShellFunction STATE =
      new ShellFunction(
          "look_k3s_state",
          """
          echo "arch=$(uname -m)"
          inner=/var/lib/rancher/k3s/data/current/bin/k3s
          if [ -f /etc/rancher/k3s/version ]; then
            echo "version=$(head -n 1 /etc/rancher/k3s/version)"
          elif [ -x "$inner" ]; then
            "$inner" --version 2>/dev/null </dev/null | sed -n 's/^k3s version \\(v[^ ]*\\).*/version=\\1/p' | head -n 1
            echo unrecorded=yes
          fi
          for db in etcd state.db; do
            [ -e "/var/lib/rancher/k3s/server/db/$db" ] && echo member=yes
          done
          [ ! -e /var/lib/rancher/k3s/server/db/state.db ] || [ -e /var/lib/rancher/k3s/server/db/etcd ] || echo sqlite=yes
          k3s_ready && echo ready=yes
          return 0\
          """,
          List.of(READY));

  private static final ShellFunction ADDRESSES =
      new ShellFunction("look_interfaces", "ip -o addr show scope global");

  /**
   * What {@link #STATE} says, without the tokens.
   *
   * @param isRecorded whether the version was written down by who installed it: by us
   * @param isSqlite whether its datastore is SQLite, of one server alone (pkg/etcd/etcd.go of k3s:
   *     one that was moved to etcd is called {@code state.db.migrated})
   */
  record Basics(
      String arch,
      Optional<Version> version,
      boolean isRecorded,
      boolean holdsCluster,
      boolean isSqlite,
      boolean answers) {}

  private K3sLooks() {}

  static final Question<Basics> BASICS = Question.of(Kind.single(STATE, K3sLooks::basics));

  /** Whether the API server of this host is ready. */
  static final Question<Boolean> IS_READY =
      Question.of(
          Kind.single(new ShellFunction("look_k3s_ready", "k3s_ready", List.of(READY)), Frame::ok));

  /** A k3s of somebody else; and which files it has not read that it may read. */
  static final Question<ForeignK3s> FOREIGN =
      ForeignK3s.question(
          Stream.concat(Stream.of(K3s.BINARY, K3s.REGISTRIES), ProgramSettings.PATHS.stream())
              .toList());

  /** Interfaces by the address they have. */
  static final Question<Map<String, String>> INTERFACES =
      Question.of(Kind.single(ADDRESSES, K3sLooks::interfaces));

  private static Basics basics(Frame frame) {
    var lines = Pairs.of(frame);
    var machine = lines.last("arch");
    var arch =
        switch (machine) {
          case "x86_64" -> "amd64";
          case "aarch64" -> "arm64";
          default -> machine;
        };
    return new Basics(
        arch,
        version(lines.last("version")),
        !lines.has("unrecorded"),
        lines.has("member"),
        lines.has("sqlite"),
        lines.has("ready"));
  }

  private static Optional<Version> version(String text) {
    try {
      return Optional.of(Version.parse(text));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static Map<String, String> interfaces(Frame frame) {
    var found = new HashMap<String, String>();
    for (var line : frame.output().split("\n")) {
      var words = new ArrayList<>(List.of(line.strip().split("\\s+")));
      if (words.size() > 3 && words.get(2).startsWith("inet")) {
        var address = words.get(3).replaceFirst("/.*", "");
        found.putIfAbsent(address, words.get(1).replaceFirst("@.*", ""));
      }
    }
    return Map.copyOf(found);
  }
}
