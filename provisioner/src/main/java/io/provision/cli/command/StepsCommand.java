package io.provision.cli.command;

import io.provision.cli.option.OutputOptions;
import io.provision.cli.run.Context;
import io.provision.console.text.Table;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

@CommandLine.Command(
    name = "steps",
    description = "Lists the steps that a playbook can name.",
    footer = {"", "Then:", "  provision explain STEP"})
public final class StepsCommand implements Command {
  @Mixin private OutputOptions output = new OutputOptions();

  @Override
  public OutputOptions output() {
    return output;
  }

  @Override
  public Ending run(Context context) {
    var rows =
        CatalogHelp.all().stream()
            .map(step -> List.of(step.name(), step.target(), step.summary()))
            .toList();
    context.display().table("", new Table(List.of("step", "where", "what"), rows));
    return Ending.DONE;
  }
}
