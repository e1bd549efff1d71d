package io.provision.cli.command;

import io.provision.cli.option.OutputOptions;
import io.provision.cli.option.RemoveOption;
import io.provision.cli.option.RunOptions;
import io.provision.cli.option.StepOptions;
import io.provision.cli.run.Context;
import io.provision.cli.run.ExitCode;
import io.provision.cli.run.Inputs;
import io.provision.cli.run.PlainSecrets;
import io.provision.cli.run.ProgramVersion;
import io.provision.cli.run.Refused;
import io.provision.console.Problem;
import io.provision.engine.event.Report;
import io.provision.files.OutputFile;
import io.provision.load.PlanFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@CommandLine.Command(
    name = "plan",
    description = {
      "Shows what apply would do, with diffs, and changes nothing.",
      "Signs: + something new, ~ something else, - something less, ? cannot be known yet."
    },
    footer = {
      "",
      "Examples:",
      "  provision plan home.yml",
      "  provision plan home.yml --out home.plan && provision apply home.plan",
      "  provision plan home.yml --detailed-exitcode      exits 3 where apply would do something"
    })
public final class PlanCommand implements Command {
  @Mixin private RunOptions run = new RunOptions();
  @Mixin private StepOptions steps = new StepOptions();
  @Mixin private OutputOptions output = new OutputOptions();
  @Mixin private RemoveOption remove = new RemoveOption();

  @Option(names = "--out", paramLabel = "FILE", description = "save the plan for apply")
  private @Nullable Path out;

  @Option(
      names = "--detailed-exitcode",
      description = "exit with 3 where something would change or is unknown")
  private boolean detailed;

  @Override
  public OutputOptions output() {
    return output;
  }

  @Override
  public Ending run(Context context) throws Refused {
    if (out != null && !OutputFile.hasPlace(out)) {
      throw new Refused("--out", "'%s' is in no directory that exists".formatted(out));
    }
    var read = run.read(context);
    if (out != null) {
      PlainSecrets.refuse(read.inventory(), read.playbook(), "a plan");
    }
    var choice = steps.of(run.choice()).removing(remove.words());
    var request = run.request(choice, read.inventory(), read.playbook(), context);
    var result = context.program().plan(request);
    if (out != null && !result.report().interrupted()) {
      save(
          new PlanFile(
              PlanFile.FORMAT,
              ProgramVersion.text(),
              read.inventory().file().toAbsolutePath().toString(),
              read.text(),
              playbook(read),
              choice.limit(),
              choice.only(),
              choice.skip(),
              choice.remove(),
              request.hostKeys().seen(),
              result.plan()),
          out,
          result.report());
    }
    var code = detailed ? ExitCode.detailed(result.report()) : ExitCode.of(result.report());
    return new Ending(code, Optional.of(result.report()));
  }

  private static Optional<PlanFile.Text> playbook(Inputs.Read read) {
    return read.playbookText()
        .map(text ->
            new PlanFile.Text(read.playbookFile().orElseThrow().toAbsolutePath().toString(), text));
  }

  private static void save(PlanFile plan, Path file, Report report) throws Refused {
    try {
      plan.write(file);
    } catch (IOException e) {
      throw Refused.unwritten(
          report,
          List.of(
              Problem.error(
                  file.toString(),
                  "the plan cannot be written (%s). Choose another place for --out"
                      .formatted(e.getMessage()))));
    }
  }
}
