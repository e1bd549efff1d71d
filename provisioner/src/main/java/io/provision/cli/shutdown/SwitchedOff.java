package io.provision.cli.shutdown;

import io.provision.cli.command.LockedScripts;
import io.provision.cli.run.Context;
import io.provision.cli.run.ExitCode;
import io.provision.cli.run.Refused;
import io.provision.cli.run.RunRequest;
import io.provision.console.Problem;
import io.provision.model.Host;
import io.provision.model.Inventory;
import io.provision.model.Role;
import io.provision.resource.kernel.PowerOff;
import io.provision.ssh.HostKeys;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Hosts of a cluster that is stopped, switched off one after another: those with bricks last, as
 * they were stopped. One that cannot be keeps no other.
 */
record SwitchedOff(RunRequest request, Context context) {

  /** Who first: what others might still lean on comes last. */
  static List<Host> inOrder(Inventory inventory) {
    return inventory.hosts().stream()
        .sorted(
            Comparator.comparing((Host host) -> host.is(Role.STORAGE))
                .thenComparing(host -> host.is(Role.CONTROL_PLANE)))
        .toList();
  }

  void all() throws Refused {
    var problems = new ArrayList<Problem>();
    var code = ExitCode.DONE;
    try (var transport = context.program().transport(new HostKeys())) {
      var scripts =
          new LockedScripts(
              transport,
              request.options().owner(),
              "switching it off",
              "The cluster is stopped; switch this host off yourself",
              context.display()::remark);
      for (var host : inOrder(request.inventory())) {
        try {
          var answer = scripts.run(host, List.of(LockedScripts.loaded(PowerOff.ordered())));
          context
              .display()
              .say(
                  PowerOff.isLeftOn(answer.frames().getFirst())
                      ? host + ": left on, since this command runs on it: switch it off yourself"
                      : host + ": told to switch itself off");
        } catch (Refused e) {
          problems.addAll(e.problems());
          code = e.code();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Refused(List.of(), ExitCode.INTERRUPTED);
    }
    if (!problems.isEmpty()) {
      throw new Refused(problems, code);
    }
  }
}
