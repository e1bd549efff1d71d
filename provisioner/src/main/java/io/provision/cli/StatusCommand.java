package io.provision.cli;

import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

@CommandLine.Command(
    name = "status",
    description = "Shows hosts, nodes, volumes, versions and drift on one screen; changes nothing.",
    footer = {"", "Example:", "  provision status home.yml"})
final class StatusCommand implements Command {
  @Mixin private RunOptions run = new RunOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  @Override
  public OutputOptions output() {
    return output;
  }

  @Override
  public Ending run(Context context) throws Refused {
    var order = run.order(context.display().operator(), false, Optional.empty());
    context.display().onlyCounts();
    var status = context.program().get().status(order, context.conversation());
    status.tables().forEach(context.display()::table);
    return Ending.of(status.report());
  }
}
