package io.provision.steps.rotation;

import io.provision.model.rotation.Rotation;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Repair;
import io.provision.step.Target;
import java.util.List;
import java.util.Optional;

/** Whether a host's turn may begin now, as the inventory's windows say it. */
public final class RebootWindow {
  private static final String RESUMES =
      "it wants a reboot, and this command only gives back what an earlier one has left";

  private RebootWindow() {}

  /**
   * Why it may not; empty where it may, or no window is declared. By the time at which it came to
   * be this host's turn: the one before it may have taken an hour.
   */
  public static Optional<Check> shut(Target.OnHost target, Known known) {
    return Rotation.of(target.inventory())
        .windows()
        .filter(windows -> !windows.isOpen(known.asOf()))
        .map(windows -> new Check.Skipped(windows.shut(known.asOf())));
  }

  /** The same once more, of this moment; nothing where no window is declared. */
  public static List<Repair> still(Target.OnHost target) {
    return Rotation.of(target.inventory()).windows().<Repair>map(Repair.InWindow::new).stream()
        .toList();
  }

  /** What is said of a host that wants a reboot where nobody's turn begins; empty where it may. */
  public static Optional<Check> resumes(Target.OnHost target) {
    return Rotation.of(target.inventory()).course().begins()
        ? Optional.empty()
        : Optional.of(new Check.Skipped(RESUMES));
  }
}
