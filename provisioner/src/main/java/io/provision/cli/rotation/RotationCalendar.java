package io.provision.cli.rotation;

import io.provision.console.Display;
import io.provision.console.Problem;
import io.provision.console.text.Table;
import io.provision.model.window.Occurrence;
import io.provision.model.window.Windows;
import java.time.Instant;
import java.util.List;

/**
 * What a rotation says of the windows of an inventory.
 *
 * @param inventory where they stand
 */
public record RotationCalendar(Windows windows, String inventory) {
  private static final int SHOWN = 3;

  /** Whether one is open, and those that come. */
  public void show(Instant now, Display display) {
    display.table(
        "windows",
        new Table(
            List.of("opens", "closes", "now", "as it is written"),
            windows.calendar(now, SHOWN).stream().map(it -> row(it, now)).toList()));
    if (!windows.isOpen(now)) {
      display.say(windows.shut(now));
    }
  }

  private static List<String> row(Occurrence opening, Instant now) {
    return List.of(
        opening.opens(),
        opening.closes(),
        opening.contains(now) ? "open" : "closed",
        opening.window());
  }

  /** Before a run that no window lets reboot anything. */
  public void announce(Instant now, Display display) {
    if (!windows.isOpen(now)) {
      display.remark(
          "%s: until then no node is rebooted; what an earlier run has left out of use is given back"
              .formatted(windows.shut(now)));
    }
  }

  /** After one that left nodes alone. */
  public void refuse(List<String> nodes, Instant now, Display display) {
    var when =
        windows.isOpen(now) ? "the window was closed when it was their turn" : windows.shut(now);
    display.problems(
        List.of(
            Problem.error(
                inventory,
                "not rebooted, although they want it: %s; %s. Run again then, or with --now, which asks for no window"
                    .formatted(String.join(", ", nodes), when))));
  }
}
