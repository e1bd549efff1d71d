package io.provision.cli;

import io.provision.files.OutputFile;
import java.nio.file.Path;
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
final class PlanCommand implements Command {
  @Mixin private RunOptions run = new RunOptions();
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
    var order =
        run.order(context.display().operator(), false, Optional.ofNullable(out), remove.words());
    var report = context.program().get().plan(order, context.conversation());
    var code = detailed ? ExitCode.detailed(report) : ExitCode.of(report);
    return new Ending(code, Optional.of(report));
  }
}
