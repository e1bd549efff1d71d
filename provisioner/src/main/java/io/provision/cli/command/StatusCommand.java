package io.provision.cli.command;

import io.provision.cli.option.OutputOptions;
import io.provision.cli.option.RunOptions;
import io.provision.cli.option.StepOptions;
import io.provision.cli.run.Context;
import io.provision.cli.run.Refused;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

@CommandLine.Command(
    name = "status",
    description = "Shows hosts, nodes, volumes, versions and drift on one screen; changes nothing.",
    footer = {"", "Example:", "  provision status home.yml"})
public final class StatusCommand implements Command {
  @Mixin private RunOptions run = new RunOptions();
  @Mixin private StepOptions steps = new StepOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  @Override
  public OutputOptions output() {
    return output;
  }

  @Override
  public Ending run(Context context) throws Refused {
    var read = run.read(context);
    var playbook = StatusTables.asked(read.playbook(), read.inventory());
    context.display().onlyCounts();
    var request = run.request(steps.of(run.choice()), read.inventory(), playbook, context);
    var result = context.program().plan(request.quietly());
    StatusTables.of(read.inventory(), result).forEach(context.display()::table);
    return Ending.of(result.report());
  }
}
