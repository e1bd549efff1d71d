package io.provision.cli;

import picocli.CommandLine;
import picocli.CommandLine.Mixin;

@CommandLine.Command(name = "version", description = "Prints the version of this program.")
final class VersionCommand implements Command {
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
