package io.provision.cli.command;

import io.provision.cli.option.OutputOptions;
import io.provision.cli.option.Owner;
import io.provision.cli.option.RunOptions;
import io.provision.cli.option.Selection;
import io.provision.cli.option.StepOptions;
import io.provision.cli.run.Context;
import io.provision.cli.run.ExitCode;
import io.provision.cli.run.Refused;
import io.provision.console.Display;
import io.provision.console.Problem;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

@CommandLine.Command(
    name = "validate",
    description =
        "Says all that is wrong with an inventory and its playbook at once, each with file, line"
            + " and column, and connects to nothing.",
    footer = {"", "Example:", "  provision validate home.yml"})
public final class ValidateCommand implements Command {
  @Mixin private RunOptions run = new RunOptions();
  @Mixin private StepOptions steps = new StepOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  @Override
  public OutputOptions output() {
    return output;
  }

  @Override
  public Ending run(Context context) throws Refused {
    try {
      var read = run.read(context);
      var selection = new Selection(read.inventory(), read.playbook());
      var wrong =
          selection.validate(
              run.options(steps.of(run.choice()), selection, Owner.text("validate")));
      if (wrong.isPresent()) {
        throw wrong.get();
      }
    } catch (Refused e) {
      return refused(e, context.display());
    }
    context.display().say("%s is valid.".formatted(run.inventory().input()));
    return Ending.DONE;
  }

  private Ending refused(Refused refused, Display display) {
    display.problems(refused.problems());
    var errors =
        refused.problems().stream().filter(it -> it.level() == Problem.Level.ERROR).count();
    display.say(
        "%s: %d %s.".formatted(run.inventory().input(), errors, errors == 1 ? "error" : "errors"));
    return new Ending(ExitCode.REFUSED, Optional.empty());
  }
}
