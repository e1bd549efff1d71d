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
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One of RPM packages: {@code rpm -q} looks, also for what a package provides; what installs them
 * is another program.
 */
interface Rpm extends PackageManager {
  /**
   * {@code look_rpm_packages NAME...}: a line {@code NAME PACKAGE EPOCH:VERSION-RELEASE} for each
   * package that is, or provides, what was asked for; a line {@code locked ENTRY} for what the
   * versionlock plugin of dnf 4 keeps, {@code NAME-EPOCH:VERSION-RELEASE.ARCH}, its last parts
   * perhaps patterns; and {@code kept PATTERN} for names that zypper keeps.
   */
  ShellFunction LOOK =
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
          head -c 100000 /etc/zypp/locks | sed -n 's/^solvable_name: */kept /p'
          return 0\
          """);

  PackageKind KIND = new PackageKind(LOOK, Rpm::read);

  /** What Debian calls otherwise. */
  Map<String, String> names();

  /** {@code FUNCTION DIRECTORY PACKAGE...}: installs them; its log goes to the directory. */
  ShellFunction installing();

  /** What stands between a name and the version that is wanted. */
  String beforeVersion();

  /** What is in conflict stays: neither program takes anything away that it is not told to. */
  @Override
  default Call install(List<Wanted> wanted, List<String> mayGo) {
    return install("/run/provision", wanted);
  }

  /**
   * @param directory for its log
   */
  default Call install(String directory, List<Wanted> wanted) {
    var names =
        wanted.stream().map(it -> named(it) + it.version().map(beforeVersion()::concat).orElse(""));
    return Call.of(installing(), Stream.concat(Stream.of(directory), names).toArray(String[]::new));
  }

  /** As its system calls it. */
  default String named(Wanted wanted) {
    return names().getOrDefault(wanted.name(), wanted.name());
  }

  @Override
  default Optional<String> objection(Wanted wanted) {
    return wanted.name().contains(":")
        ? Optional.of(
            "'%s' is not a valid name for an RPM package (its architecture comes after a dot)"
                .formatted(wanted.name()))
        : Optional.empty();
  }

  @Override
  default Question<PackageState> question(Wanted wanted) {
    return Question.of(KIND, named(wanted));
  }

  private static Map<String, PackageState> read(Frame frame) {
    var states = new HashMap<String, PackageState>();
    var locks = new ArrayList<Pattern>();
    for (var line : frame.output().split("\n")) {
      var words = line.split(" ");
      if (words.length == 2 && words[0].equals("locked") && words[1].matches(".+-[0-9]+:.*")) {
        locks.add(Pattern.compile(Pattern.quote(words[1].replaceFirst("-[0-9]+:.*", ""))));
      } else if (words.length == 2 && words[0].equals("kept")) {
        locks.add(glob(words[1]));
      } else if (words.length == 3 && words[2].matches("[0-9]+:[^-]+-[^-]+")) {
        states.putIfAbsent(words[0], new PackageState(words[2], false, false));
      }
    }
    states.replaceAll((name, state) ->
        new PackageState(
            state.version(), locks.stream().anyMatch(it -> it.matcher(name).matches()), false));
    return states;
  }

  /** Of asterisks and question marks, as names in a lock of zypper are written. */
  private static Pattern glob(String text) {
    var pattern = new StringBuilder();
    for (var letter : text.toCharArray()) {
      pattern.append(
          switch (letter) {
            case '*' -> ".*";
            case '?' -> ".";
            default -> Pattern.quote(String.valueOf(letter));
          });
    }
    return Pattern.compile(pattern.toString());
  }

  @Override
  default boolean isMet(Wanted wanted, PackageState state) {
    return state.isInstalled() && wanted.version().map(it -> is(state.version(), it)).orElse(true);
  }

  /**
   * @param whole epoch, version and release
   * @param wanted version, or version and release, each with its epoch or without
   */
  private static boolean is(String whole, String wanted) {
    var plain = whole.substring(whole.indexOf(':') + 1);
    var shape = wanted.contains(":") ? whole : plain;
    return shape.equals(wanted)
        || (!wanted.contains("-") && shape.substring(0, shape.lastIndexOf('-')).equals(wanted));
  }
}
