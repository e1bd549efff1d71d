package io.provision.steps.kubeadm.packages;

import io.provision.remote.Frame;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.resource.Piece;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Kind;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Repair;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Programs of packages are where all else of ours calls them: links in {@code /usr/local/bin}. What
 * lay there is replaced.
 *
 * @param asked those that a look asks for, which are more where some wait for their time
 */
record ProgramLinks(List<String> asked, List<String> programs) implements Piece {
  private static final String FROM = "/usr/local/bin/";
  private static final String TO = "/usr/bin/";

  private static final ShellFunction LOOK =
      new ShellFunction(
          "look_links",
          """
          for path do
            [ -L "$path" ] && printf '%s %s\\n' "$path" "$(readlink -- "$path")"
          done
          return 0\
          """);

  /** {@code link_programs FROM TO NAME...}: FROM and TO end with a slash. */
  private static final ShellFunction LINK =
      new ShellFunction(
          "link_programs",
          """
          from=$1 to=$2
          shift 2
          for name do
            [ -x "$to$name" ] || {
              echo "$to$name is not there, although its package is installed" >&2
              return 1
            }
            rm -f -- "$from.provision.$name"
            try ln -s -- "$to$name" "$from.provision.$name" && try mv -f -- "$from.provision.$name" "$from$name" || return
          done\
          """);

  private static final Kind<Set<String>> KIND = Kind.single(LOOK, ProgramLinks::read);

  ProgramLinks {
    asked = List.copyOf(asked);
    programs = List.copyOf(programs);
  }

  private static Set<String> read(Frame frame) {
    return new HashSet<>(frame.output().lines().toList());
  }

  private Question<Set<String>> question() {
    return Question.of(KIND, asked.stream().map(FROM::concat).toArray(String[]::new));
  }

  /** Of these only. */
  ProgramLinks only(List<String> names) {
    return new ProgramLinks(asked, programs.stream().filter(names::contains).toList());
  }

  Script made() {
    var words = new ArrayList<>(List.of(FROM, TO));
    words.addAll(programs);
    return Script.of(LINK, words.toArray(String[]::new));
  }

  @Override
  public Probes probes() {
    return Probes.of(question());
  }

  @Override
  public Check check(Observations seen) {
    var links = seen.of(question());
    var missing =
        programs.stream()
            .filter(name -> !links.contains("%s%s %s%s".formatted(FROM, name, TO, name)))
            .toList();
    return missing.isEmpty()
        ? new Check.InSync()
        : new Check.Drift(
            missing.stream()
                .map(name ->
                    Change.of(Change.Action.CREATE, FROM + name, "", "a link to " + TO + name))
                .toList(),
            new Repair.OnHost(List.of(only(missing).made()), true));
  }
}
