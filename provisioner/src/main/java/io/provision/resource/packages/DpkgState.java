package io.provision.resource.packages;

import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import io.provision.step.Kind;
import io.provision.step.Question;
import java.util.List;
import java.util.TreeSet;

/**
 * What an interrupted dpkg has left: apt-get refuses to do anything before it is finished.
 *
 * @param interrupted whether dpkg did not write its journal to the end, or left packages unfinished
 * @param unfinished packages that are unpacked, half installed, half configured, or whose triggers
 *     have not run
 */
public record DpkgState(boolean interrupted, List<String> unfinished) {
  static final DpkgState WHOLE = new DpkgState(false, List.of());

  private static final int NAMED = 5;

  /**
   * {@code look_dpkg DIRECTORY PROC}: reads dpkg's database and its journal, see dpkg's
   * doc/triggers.txt and lib/dpkg/dbmodify.c. One that is at work right now is not interrupted.
   */
  static final ShellFunction LOOK =
      new ShellFunction(
          "look_dpkg",
          """
          dir=$1 proc=$2
          begun='^Status: [a-z]+ [a-z]+ (unpacked|half-|triggers-)'
          set -- "$dir"/updates/[0-9]*
          [ -e "$1" ] || set -- "$dir"/status
          [ "$1" != "$dir"/status ] || grep -qsE "$begun" "$1" || return 0
          for process in "$proc"/[0-9]*/comm; do
            name=
            read -r name <"$process" || continue
            case $name in
              dpkg | apt | apt-get | aptitude | unattended-upgr) return 0 ;;
            esac
          done
          echo interrupted
          awk '/^Package:/ { package = $2 }
            /^Status:/ && $4 ~ /^(unpacked$|half-|triggers-)/ { print "=" package }' "$dir"/status "$@"
          return 0\
          """);

  private static final Question<DpkgState> QUESTION =
      Question.of(Kind.single(LOOK, DpkgState::read), "/var/lib/dpkg", "/proc");

  public DpkgState {
    unfinished = List.copyOf(unfinished);
  }

  public static Question<DpkgState> question() {
    return QUESTION;
  }

  static DpkgState read(Frame frame) {
    var unfinished = new TreeSet<String>();
    for (var line : frame.output().split("\n")) {
      if (line.matches("=[a-z0-9][a-z0-9+.-]*")) {
        unfinished.add(line.substring(1));
      }
    }
    return frame.output().lines().anyMatch("interrupted"::equals)
        ? new DpkgState(true, List.copyOf(unfinished))
        : WHOLE;
  }

  /** For a person. */
  @Override
  public String toString() {
    if (!interrupted || unfinished.isEmpty()) {
      return interrupted ? "interrupted" : "whole";
    }
    var more = unfinished.size() > NAMED ? " and %d more".formatted(unfinished.size() - NAMED) : "";
    return "interrupted, unfinished: "
        + String.join(", ", unfinished.subList(0, Math.min(NAMED, unfinished.size())))
        + more;
  }
}
