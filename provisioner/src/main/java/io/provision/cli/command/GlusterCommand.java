package io.provision.cli.command;

import io.provision.cli.option.OutputOptions;
import io.provision.cli.option.RunOptions;
import io.provision.cli.run.Context;
import io.provision.cli.run.ExitCode;
import io.provision.cli.run.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@CommandLine.Command(
    name = "gluster",
    description =
        "Says whether GlusterFS is healthy: every declared volume exists and every peer knows it,"
            + " every peer sees every other, all bricks and self-heal"
            + " daemons run, nothing waits to be healed and nothing is being moved. With --without,"
            + " also whether it stays usable while that host is down. Changes nothing; exit code 7"
            + " where it is not so, or where it cannot be known.",
    footer = {"", "Example:", "  provision gluster check home.yml --without w1"})
public final class GlusterCommand implements Command {
  /** What can be done, for the shell's completion. */
  private static final class Actions extends ArrayList<String> {
    Actions() {
      super(List.of("check"));
    }
  }

  @Parameters(
      index = "0",
      paramLabel = "check",
      completionCandidates = Actions.class,
      description = "what to do: check")
  private String action = "";

  @Mixin private RunOptions run = new RunOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  @Option(
      names = "--without",
      paramLabel = "HOST",
      description = "is it safe to take this host down?")
  private @Nullable String without;

  @Override
  public OutputOptions output() {
    return output;
  }

  @Override
  public Ending run(Context context) throws Refused {
    if (!action.equals("check")) {
      throw new Refused(
          "gluster",
          "there is no 'gluster %s'. Write 'provision gluster check INVENTORY'".formatted(action));
    }
    var read = run.read(context);
    var host = Optional.ofNullable(without);
    var playbook = GlusterCheck.playbook(read.inventory(), host);
    var request = run.request(run.choice(), read.inventory(), playbook, context);
    var gate = GlusterCheck.gate(context.program().plan(request.quietly()), host);
    gate.says().forEach(context.display()::say);
    return new Ending(gate.healthy() ? ExitCode.DONE : ExitCode.UNSAFE, Optional.empty());
  }
}
