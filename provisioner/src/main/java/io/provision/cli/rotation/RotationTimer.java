package io.provision.cli.rotation;

import io.provision.cli.run.Context;
import io.provision.cli.run.ExitCode;
import io.provision.cli.run.Refused;
import io.provision.console.Problem;
import io.provision.desk.DeskException;
import io.provision.desk.Timers;
import io.provision.model.Cluster;
import io.provision.model.Inventory;
import io.provision.model.rotation.Rotation;
import io.provision.model.window.SystemdCalendar;
import io.provision.model.window.Windows;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Has this machine start a rotation in each window.
 *
 * @param where the inventory, for what is said of it
 * @param command the rotation, with absolute paths
 * @param unset the variables that the inventory refers to and no timer has
 */
public record RotationTimer(
    String where, Inventory inventory, List<String> command, Collection<String> unset) {
  public RotationTimer {
    command = List.copyOf(command);
    unset = new java.util.TreeSet<>(unset);
  }

  /** Tries it out, and has it wait; refused where nobody could start it unattended. */
  public void install(Context context) throws Refused {
    var timers = context.program().timers();
    var windows = windows();
    if (!unset.isEmpty()) {
      throw new Refused(
          where,
          "it refers to %s, which no timer has in its environment. write ${file:PATH} with a file of mode 0600, or ${cmd:[program, argument]} that asks nobody"
              .formatted(
                  unset.stream().map("${env:%s}"::formatted).collect(Collectors.joining(", "))));
    }
    try {
      var here = timers.here();
      var calendar = calendar(windows, context, timers);
      new UnattendedTrial(inventory, "timer").run(context, timers, command);
      var units = new UnitText(cluster().name(), command, timers.environment(), calendar).units();
      timers.install(units);
      tell(context, here, units, windows);
    } catch (DeskException e) {
      throw refused(e);
    }
  }

  /** Takes it out again; that there was none is no error. */
  public void remove(Context context) throws Refused {
    var units = UnitText.named(cluster().name());
    try {
      context
          .display()
          .say(
              context.program().timers().remove(units)
                  ? "%s.timer and its service are gone; a rotation that runs is not ended by that"
                      .formatted(units.name())
                  : "there is no %s.timer here".formatted(units.name()));
    } catch (DeskException e) {
      throw refused(e);
    }
  }

  /** By whose name the units are called; hosts without one, not even of none, have no windows. */
  private Cluster cluster() throws Refused {
    return inventory
        .cluster()
        .orElseThrow(() ->
            new Refused(
                where,
                "it has no 'cluster', whose name and windows a timer goes by. write one, with"
                    + " 'distribution: none' where there is no Kubernetes"));
  }

  private Windows windows() throws Refused {
    var windows = Rotation.of(inventory).windows();
    if (windows.isEmpty()) {
      throw new Refused(
          where,
          "it has no windows, which a timer goes by. write them at 'cluster.rotation.windows', such"
              + " as 'Sat,Sun 02:00-05:00 Asia/Seoul'");
    }
    return windows.get();
  }

  private List<String> calendar(Windows windows, Context context, Timers timers)
      throws DeskException {
    var lines = new ArrayList<String>();
    for (var window : windows.all()) {
      for (var line : new SystemdCalendar(window).lines(context.now())) {
        if (!timers.understands(line)) {
          throw new DeskException(
              "systemd of this machine does not understand '%s' for the window '%s'"
                  .formatted(line, window),
              "try 'systemd-analyze calendar' with it; another form of the window may do",
              null);
        }
        lines.add(line);
      }
    }
    return lines;
  }

  private void tell(Context context, Timers.Here here, Timers.Units units, Windows windows) {
    var display = context.display();
    var user = here.forAll() ? "" : " --user";
    display.say("%s.timer is installed in %s".formatted(units.name(), here.directory()));
    windows
        .next(context.now())
        .ifPresent(it -> display.say("it starts at the next window: " + it.opens()));
    display.say("its log: journalctl%s -u %s".formatted(user, units.name()));
    display.say("by hand: systemctl%s start %s".formatted(user, units.name()));
    if (!here.lingers()) {
      display.problems(
          List.of(
              Problem.warning(
                  "",
                  "it runs only while %1$s has a session here. run: loginctl enable-linger %1$s"
                      .formatted(here.user()))));
    }
  }

  private static Refused refused(DeskException e) {
    return new Refused(List.of(Problem.error("", e.what() + ". " + e.remedy())), ExitCode.REFUSED);
  }
}
