package io.provision.cli;

import io.provision.console.Display;
import io.provision.console.Table;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@CommandLine.Command(
    name = "explain",
    description = "Says what a step does, its parameters, and how a playbook writes it.",
    footer = {"", "Example:", "  provision explain kernel-modules"})
final class ExplainCommand implements Command {
  @Mixin private OutputOptions output = new OutputOptions();

  @Parameters(paramLabel = "STEP", arity = "1", description = "its name, see 'provision steps'")
  private String name = "";

  @Override
  public OutputOptions output() {
    return output;
  }

  @Override
  public Ending run(Context context) throws Refused {
    var steps = context.program().get().steps();
    for (var step : steps) {
      if (step.name().equals(name)) {
        show(step, context.display());
        return Ending.DONE;
      }
    }
    var names = steps.stream().map(StepHelp::name).toList();
    throw new Refused(
        "explain",
        "there is no step '%s'%s; 'provision steps' lists them"
            .formatted(name, Suggestion.of(name, names)));
  }

  private static void show(StepHelp step, Display display) {
    display.say("%s (on the %s)".formatted(step.name(), step.target()));
    display.say("  " + step.summary());
    if (!step.parameters().isEmpty()) {
      var rows =
          step.parameters().stream()
              .map(p -> List.of(p.name(), p.type(), p.required() ? "yes" : "no", p.meaning()))
              .toList();
      display.table(
          "parameters", new Table(List.of("parameter", "type", "required", "meaning"), rows));
    }
    step.example().lines().forEach(display::say);
  }
}
