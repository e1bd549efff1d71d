package io.provision.cli.rotation;

import io.provision.cli.run.Context;
import io.provision.cli.run.Refused;
import io.provision.desk.DeskException;
import io.provision.desk.Timers;
import io.provision.model.Host;
import io.provision.model.Inventory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A dry run as nobody would be there: all that an unattended run needs is needed by it, but for
 * sudo's right to reboot.
 *
 * @param inventory for what is said of it
 * @param what it is a trial of: a timer, a pod
 */
public record UnattendedTrial(Inventory inventory, String what) {
  private static final Duration MOST = Duration.ofMinutes(10);

  /**
   * Runs it.
   *
   * @param command the rotation, with absolute paths
   * @throws Refused where it fails
   */
  public void run(Context context, Timers timers, List<String> command)
      throws Refused, DeskException {
    var dry = new ArrayList<>(command);
    dry.add("--dry-run");
    context
        .display()
        .remark(
            "trying it out with the environment of the %s, %d minutes at most: %s"
                .formatted(what, MOST.toMinutes(), String.join(" ", dry)));
    var trial = timers.tryOut(dry, MOST);
    if (trial.exit() != 0) {
      throw new Refused(
          inventory.file().toString(),
          "nothing was installed: as a %s would run it, its dry run exits %d.%s It says:\n%s"
              .formatted(what, trial.exit(), agents(), String.join("\n", trial.lines())));
    }
  }

  /** Who may have been logged in to by an agent, which is not there then. */
  private String agents() {
    var keyless =
        inventory.known().stream()
            .filter(host -> host.ssh().keys().isEmpty() && host.ssh().password().isEmpty())
            .map(Host::name)
            .map(Object::toString)
            .collect(Collectors.joining(", "));
    return keyless.isEmpty()
        ? ""
        : " The keys of an ssh-agent are not there for a %s, and these have no 'ssh.key' in the inventory: %s."
            .formatted(what, keyless);
  }
}
