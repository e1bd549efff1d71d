package io.provision.resource.packages;

import io.provision.remote.Script;
import io.provision.resource.Piece;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Repair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Packages of the host's system that are installed, in any version or in the one that {@code
 * name=version} says. All of a host are looked for at once, and what is missing is installed at
 * once, by the package manager that the host has. Nothing else is taken away for it: a package that
 * is in conflict with one of these fails it, unless it is one that these are meant to replace.
 *
 * @param replaced names of packages that go where one of these is installed in their place
 */
public record Packages(List<Wanted> wanted, List<String> replaced) implements Piece {
  private static final Duration LIMIT = Duration.ofMinutes(30);

  public Packages {
    wanted = List.copyOf(wanted);
    replaced = List.copyOf(replaced);
    if (wanted.isEmpty()) {
      throw new IllegalArgumentException("no package is named");
    }
  }

  public Packages(List<Wanted> wanted) {
    this(wanted, List.of());
  }

  /** The same, in the place of this package where it is there. */
  public Packages inPlaceOf(String other) {
    return new Packages(wanted, List.of(Wanted.parse(other).name()));
  }

  /** Packages as apt-get names them: {@code name} or {@code name=version}. */
  public static Packages of(String... packages) {
    return new Packages(List.of(packages).stream().map(Wanted::parse).toList());
  }

  @Override
  public Probes probes() {
    var probes = Probes.of(PackageManagers.QUESTION);
    for (var manager : PackageManagers.ALL) {
      var questions =
          Stream.concat(wanted.stream(), replaced.stream().map(Wanted::parse))
              .<Question<?>>map(manager::question)
              .toList();
      probes = probes.and(Probes.ofAll(questions)).and(manager.probes());
    }
    return probes;
  }

  @Override
  public Check check(Observations seen) {
    var program = seen.of(PackageManagers.QUESTION);
    var manager = PackageManagers.of(program);
    return manager.isPresent()
        ? check(manager.get(), seen)
        : new Check.Refused(
            program.isEmpty()
                ? "it has no package manager that is known here"
                : "its package manager is %s, which is not supported".formatted(program),
            "take a system with %s, or install the packages by 'command'"
                .formatted(
                    String.join(
                        " or ",
                        PackageManagers.ALL.stream().map(PackageManager::program).toList())));
  }

  private Check check(PackageManager manager, Observations seen) {
    var objections = wanted.stream().flatMap(it -> manager.objection(it).stream()).toList();
    if (!objections.isEmpty()) {
      return new Check.Refused(String.join("; ", objections), "correct the names");
    }
    var changes = new ArrayList<Change>();
    var install = new ArrayList<Wanted>();
    var held = new ArrayList<String>();
    for (var one : wanted) {
      var state = seen.of(manager.question(one));
      if (manager.isMet(one, state)) {
        continue;
      }
      if (state.held()) {
        held.add(one + " (held" + (state.isInstalled() ? " at " + state.version() : "") + ")");
      }
      install.add(one);
      changes.add(change(one, state));
    }
    if (!held.isEmpty()) {
      return new Check.Refused(
          "packages are on hold: " + String.join(", ", held), manager.release());
    }
    var interruption = manager.interruption(seen);
    if (changes.isEmpty()) {
      return interruption
          .map(it ->
              new Check.InSync(
                  Observed.noting(
                      "%s was %s: %s".formatted(it.subject(), it.state(), it.remedy()))))
          .orElseGet(Check.InSync::new);
    }
    for (var name : replaced) {
      var state = seen.of(manager.question(Wanted.parse(name)));
      if (state.isInstalled()) {
        changes.add(Change.of(Change.Action.REMOVE, "package " + name, state.version(), ""));
      }
    }
    var all =
        Stream.concat(
            interruption.stream()
                .map(it -> Change.of(Change.Action.UPDATE, it.subject(), it.state(), it.becomes())),
            changes.stream());
    var script = new Script(manager.install(install, replaced), List.of(), LIMIT).standingAlone();
    return new Check.Drift(all.toList(), new Repair.OnHost(List.of(script), true));
  }

  private static Change change(Wanted one, PackageState state) {
    var action = state.isInstalled() ? Change.Action.UPGRADE : Change.Action.INSTALL;
    var from = state.broken() ? "half installed" : state.version();
    return Change.of(action, "package " + one.name(), from, one.version().orElse("installed"));
  }
}
