package io.provision.cli.command;

import io.provision.cli.option.OutputOptions;
import io.provision.cli.run.Context;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

@CommandLine.Command(name = "version", description = "Prints the version of this program.")
public final class VersionCommand implements Command {
  @Mixin private OutputOptions output = new OutputOptions();

  @Override
  public OutputOptions output() {
    return output;
  }

  @Override
  public Ending run(Context context) {
    context.display().say("provision " + context.version());
    return Ending.DONE;
  }
}
