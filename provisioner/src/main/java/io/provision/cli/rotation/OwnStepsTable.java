package io.provision.cli.rotation;

import io.provision.cli.run.ExitCode;
import io.provision.cli.run.Program;
import io.provision.cli.run.Refused;
import io.provision.console.Display;
import io.provision.console.Problem;
import io.provision.console.text.Table;
import io.provision.model.Inventory;
import io.provision.model.rotation.Hook;
import io.provision.model.rotation.OwnCheck;
import io.provision.model.rotation.OwnSteps;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a rotation says of the checks and hooks of an inventory before it begins.
 *
 * @param inventory where they stand
 */
public record OwnStepsTable(OwnSteps own, Inventory inventory) {

  /** Which there are, and when; of none nothing. */
  public void show(Display display) {
    var rows = new ArrayList<List<String>>();
    own.checks()
        .forEach(it ->
            rows.add(
                List.of(
                    "before it goes, before its reboot, before it is given back",
                    "check '%s'".formatted(it.name()),
                    asked(it),
                    seconds(it.within()))));
    own.beforeDrain().forEach(it -> rows.add(row("before its drain", it)));
    own.afterReturn().forEach(it -> rows.add(row("once it is given back", it)));
    if (!rows.isEmpty()) {
      display.table(
          "checks and hooks", new Table(List.of("when", "your own", "how", "at most"), rows));
    }
  }

  private static String asked(OwnCheck check) {
    return switch (check.asked()) {
      case OwnCheck.Web(var url, var status) ->
          "GET %s, status %s".formatted(url, status.map(Object::toString).orElse("200 to 299"));
      case OwnCheck.Program(var command) -> "here: " + String.join(" ", command);
      case OwnCheck.Metric(var server, var query, var wanted) ->
          "%s: %s %s"
              .formatted(
                  server,
                  query,
                  switch (wanted) {
                    case OwnCheck.Wanted.Below(var limit) -> "below " + limit;
                    case OwnCheck.Wanted.Above(var limit) -> "above " + limit;
                    case OwnCheck.Wanted.Nothing _ -> "gives no series";
                  });
    };
  }

  private static List<String> row(String when, Hook hook) {
    return List.of(
        when,
        "hook '%s'".formatted(hook.name()),
        (hook.place() == Hook.Place.HERE ? "here: " : "on it, as root: ")
            + String.join(" ", hook.command()),
        seconds(hook.within()));
  }

  private static String seconds(Duration time) {
    return time.toSeconds() + " s";
  }

  /**
   * Before anything is asked: a program that is not here would keep every host, and one that
   * somebody else has named is not run.
   */
  public void refuseUnstartable(Program program) throws Refused {
    var checks =
        own.checks().stream()
            .filter(it -> it.asked() instanceof OwnCheck.Program)
            .map(it -> new Named("check", it.name(), ((OwnCheck.Program) it.asked()).command()));
    var hooks =
        Stream.of(own.beforeDrain(), own.afterReturn())
            .flatMap(List::stream)
            .filter(it -> it.place() == Hook.Place.HERE)
            .map(it -> new Named("hook", it.name(), it.command()));
    var named = Stream.concat(checks, hooks).toList();
    var distrust = named.isEmpty() ? Optional.<String>empty() : program.distrust(inventory);
    var problems =
        named.stream()
            .flatMap(it ->
                distrust
                    .or(() ->
                        program
                            .outside()
                            .unstartable(it.command().getFirst(), inventory.directory()))
                    .map(why ->
                        Problem.error(
                            inventory.file().toString(),
                            "the %s '%s' could not be run: %s"
                                .formatted(it.kind(), it.name(), why)))
                    .stream())
            .toList();
    if (!problems.isEmpty()) {
      throw new Refused(problems, ExitCode.REFUSED);
    }
  }

  private record Named(String kind, String name, List<String> command) {}
}
