package io.provision.resource.packages;

import io.provision.remote.Call;
import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import io.provision.step.Question;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Fedora's and that of its relatives: {@code rpm -q} looks, also for what a package provides; one
 * {@code dnf} installs. A version may be given as {@code version}, {@code version-release}, each
 * with its {@code epoch:} or without (dnf(8), "Specifying Packages").
 */
final class Dnf implements PackageManager {
  /** What Debian calls otherwise. */
  private static final Map<String, String> NAMES =
      Map.of(
          "glusterfs-client", "glusterfs-fuse",
          "openssh-client", "openssh-clients",
          "nfs-common", "nfs-utils",
          "open-iscsi", "iscsi-initiator-utils");

  /**
   * {@code look_rpm_packages NAME...}: a line {@code NAME PACKAGE EPOCH:VERSION-RELEASE} for each
   * package that is, or provides, what was asked for; a line {@code locked ENTRY} for what the
   * versionlock plugin of dnf 4 keeps.
   */
  private static final ShellFunction LOOK =
      new ShellFunction(
          "look_rpm_packages",
          """
          command -v rpm >/dev/null || return 0
          for package do
            rpm -q --whatprovides --qf '%{NAME} %{EPOCHNUM}:%{VERSION}-%{RELEASE}\\n' "$package" | head -c 4000 |
              while read -r line; do
                echo "$package $line"
              done
          done
          head -c 100000 /etc/dnf/plugins/versionlock.list | sed -n 's/^[^#! ]/locked &/p'
          return 0\
          """);

  private static final PackageKind KIND = new PackageKind(LOOK, Dnf::read);

  /**
   * {@code install_rpm_packages NAME[-VERSION]...}: all that dnf prints is in
   * /run/provision/dnf.log, the last of it on stderr when it fails. It waits for another one by
   * itself.
   */
  private static final ShellFunction INSTALL =
      new ShellFunction(
          "install_rpm_packages",
          """
          mkdir -p "$1"
          log=$1/dnf.log
          shift
          : >"$log"
          say "installing $*"
          {
            code=0
            dnf -y --setopt=install_weak_deps=False install "$@" 2>&1 </dev/null || code=$?
            echo "exited $code"
          } | {
            while IFS= read -r line; do
              case $line in
                *aiting*process*) say "waiting for another dnf" ;;
              esac
              printf '%s\\n' "$line" >>"$log"
            done
          }
          code=$(sed -n '$s/^exited //p' "$log")
          [ "$code" != 0 ] || return 0
          echo "all that dnf printed is in $log on the host; the last of it:" >&2
          tail -n 13 "$log" | sed '$d' >&2
          ran "${code:-1}" dnf install "$@"
          return "${code:-1}"\
          """);

  @Override
  public String program() {
    return "dnf";
  }

  private static String named(Wanted wanted) {
    return NAMES.getOrDefault(wanted.name(), wanted.name());
  }

  @Override
  public Optional<String> objection(Wanted wanted) {
    return wanted.name().contains(":")
        ? Optional.of(
            "'%s' is not a valid name for an RPM package (its architecture comes after a dot)"
                .formatted(wanted.name()))
        : Optional.empty();
  }

  @Override
  public Question<PackageState> question(Wanted wanted) {
    return Question.of(KIND, named(wanted));
  }

  private static Map<String, PackageState> read(Frame frame) {
    var states = new HashMap<String, PackageState>();
    var locked = new ArrayList<String>();
    for (var line : frame.output().split("\n")) {
      var words = line.split(" ");
      if (words.length == 2 && words[0].equals("locked")) {
        locked.add(words[1]);
      } else if (words.length == 3 && words[2].matches("[0-9]+:[^-]+-[^-]+")) {
        states.putIfAbsent(words[0], new PackageState(words[2], false, false));
      }
    }
    states.replaceAll((name, state) ->
        new PackageState(state.version(), locked.stream().anyMatch(it -> locks(it, name)), false));
    return states;
  }

  /** An entry is {@code NAME-EPOCH:VERSION-RELEASE.ARCH}, its last parts perhaps patterns. */
  private static boolean locks(String entry, String name) {
    return entry.startsWith(name + "-") && entry.substring(name.length() + 1).matches("[0-9]+:.*");
  }

  @Override
  public boolean isMet(Wanted wanted, PackageState state) {
    return state.isInstalled() && wanted.version().map(it -> is(state.version(), it)).orElse(true);
  }

  /**
   * @param whole epoch, version and release
   */
  private static boolean is(String whole, String wanted) {
    var plain = whole.substring(whole.indexOf(':') + 1);
    var shape = wanted.contains(":") ? whole : plain;
    return shape.equals(wanted)
        || (!wanted.contains("-") && shape.substring(0, shape.lastIndexOf('-')).equals(wanted));
  }

  @Override
  public String release() {
    return "'dnf versionlock delete' them on the host, or want the version that is there";
  }

  /** dnf takes nothing away that it is not told to, so that nothing goes here (dnf(8)). */
  @Override
  public Call install(List<Wanted> wanted, List<String> mayGo) {
    return install("/run/provision", wanted);
  }

  /**
   * @param directory for its log
   */
  static Call install(String directory, List<Wanted> wanted) {
    var names =
        wanted.stream().map(it -> named(it) + it.version().map(each -> "-" + each).orElse(""));
    return Call.of(INSTALL, Stream.concat(Stream.of(directory), names).toArray(String[]::new));
  }
}
