package io.provision.cli.shutdown;

import io.provision.cli.command.Command;
import io.provision.cli.option.OutputOptions;
import io.provision.cli.option.RunOptions;
import io.provision.cli.run.Context;
import io.provision.cli.run.Refused;
import io.provision.ssh.HostKeys;
import io.provision.steps.Catalog;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@CommandLine.Command(
    name = "start",
    description = {
      "Brings a cluster up again that 'provision stop' has stopped, whether its hosts were switched"
          + " off meanwhile or not. Those with 'power' in the inventory are switched on; it waits"
          + " until all of them answer (switch the others on: 15 minutes at most), begins GlusterFS"
          + " and waits until its volumes are whole (15 minutes), mounts them, starts control"
          + " planes and then workers, and takes nodes back into use once all of them are Ready.",
      "What somebody else has cordoned stays cordoned. Where nothing was stopped there is nothing"
          + " to do. Killed anywhere, the same command goes on."
    },
    footer = {
      "",
      "Examples:",
      "  provision start home.yml --dry-run      what would be started, in which order",
      "  provision start home.yml"
    })
public final class StartCommand implements Command {
  /** People switch hosts on one after another, and some of them test their memory first. */
  private static final Duration COMING = Duration.ofMinutes(15);

  @Mixin private RunOptions run = new RunOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  @Option(names = "--dry-run", description = "show what would be started; wait for no host")
  private boolean dry;

  @Override
  public OutputOptions output() {
    return output;
  }

  @Override
  public Ending run(Context context) throws Refused {
    var whole = new WholeCluster(run, "start");
    var inventory = whole.read(context).inventory();
    var request = whole.request(inventory, Catalog.start(), context);
    new SwitchedOn(inventory, context).all(dry);
    return Ending.of(
        dry
            ? context.program().plan(request).report()
            : context
                .program()
                .apply(request.trusting(new HostKeys()).awaiting(COMING), Optional.empty())
                .report());
  }
}
