package io.provision.cli.shutdown;

import io.provision.cli.command.Command;
import io.provision.cli.option.OutputOptions;
import io.provision.cli.option.RunOptions;
import io.provision.cli.run.Context;
import io.provision.cli.run.ExitCode;
import io.provision.cli.run.Refused;
import io.provision.ssh.HostKeys;
import io.provision.steps.Catalog;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@CommandLine.Command(
    name = "stop",
    description = {
      "Takes the whole cluster down in order, for moving house or a power cut that is announced: all"
          + " nodes are cordoned; pods end, each with its own grace period, on workers and then on"
          + " control planes; then workers, control planes and last of all GlusterFS are stopped, and"
          + " what is in memory is written to disks.",
      "Nothing is begun unless all hosts answer, all nodes are Ready and GlusterFS is whole and"
          + " healed; that is waited for two minutes at most. Budgets (PodDisruptionBudgets) are not"
          + " asked: nobody is there to whom a pod could move.",
      "Killed anywhere, the same command goes on, and 'provision start' takes all back. What starts"
          + " at boot still does: after a power cut nodes come up by themselves, cordoned, and"
          + " 'provision start' gives them back."
    },
    footer = {
      "",
      "Examples:",
      "  provision stop home.yml --dry-run      what would be stopped, in which order",
      "  provision stop home.yml --power-off    and the hosts switched off, those with bricks last"
    })
public final class StopCommand implements Command {
  @Mixin private RunOptions run = new RunOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  @Option(names = "--dry-run", description = "show what would be stopped; change nothing")
  private boolean dry;

  @Option(
      names = "--power-off",
      description = "switch the hosts off in the end, but the one that this command runs on")
  private boolean powerOff;

  @Override
  public OutputOptions output() {
    return output;
  }

  @Override
  public Ending run(Context context) throws Refused {
    var whole = new WholeCluster(run, "stop");
    var inventory = whole.read(context).inventory();
    var request = whole.request(inventory, Catalog.stop(), context);
    if (dry) {
      return Ending.of(context.program().plan(request).report());
    }
    var report =
        context.program().apply(request.trusting(new HostKeys()), Optional.empty()).report();
    if (ExitCode.of(report) != ExitCode.DONE) {
      return Ending.of(report);
    }
    if (powerOff) {
      new SwitchedOff(request, context).all();
    }
    context
        .display()
        .say(
            "Stopped. 'provision start %s' brings all of it up again."
                .formatted(run.inventory().input()));
    return Ending.of(report);
  }
}
