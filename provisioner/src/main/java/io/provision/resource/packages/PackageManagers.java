package io.provision.resource.packages;

import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import io.provision.step.Kind;
import io.provision.step.Question;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The package managers there are, and which one a host has. */
final class PackageManagers {
  /** A host with two of them has the first. */
  static final List<PackageManager> ALL = List.of(new Apt(), new Dnf(), new Zypper());

  /** Of systems that nothing is built for, so that they can be named. */
  private static final List<String> OTHERS =
      List.of("apk", "pacman", "xbps-install", "emerge", "yum");

  private static final ShellFunction LOOK =
      new ShellFunction(
          "look_package_manager",
          """
          for program do
            command -v "$program" >/dev/null && {
              echo "$program"
              return 0
            }
          done
          return 0\
          """);

  /** The program that a host has; empty where it has none that is known here. */
  static final Question<String> QUESTION =
      Question.of(Kind.single(LOOK, PackageManagers::read), programs().toArray(String[]::new));

  private PackageManagers() {}

  private static Stream<String> programs() {
    return Stream.concat(ALL.stream().map(PackageManager::program), OTHERS.stream());
  }

  private static String read(Frame frame) {
    return programs().filter(frame.output().strip()::equals).findFirst().orElse("");
  }

  static Optional<PackageManager> of(String program) {
    return ALL.stream().filter(it -> it.program().equals(program)).findFirst();
  }
}
