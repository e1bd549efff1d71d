package io.provision.cli;

import io.provision.console.Operator;
import io.provision.console.Problem;
import io.provision.model.Secret;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

@CommandLine.Command(
    name = "validate",
    description =
        "Says all that is wrong with an inventory and its playbook at once, each with file, line"
            + " and column, and connects to nothing.",
    footer = {"", "Example:", "  provision validate home.yml"})
final class ValidateCommand implements Command {
  @Mixin private RunOptions run = new RunOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  /** Whatever would be typed, it is not needed to know whether the rest of the input is valid. */
  private record Unasked() implements Operator {
    @Override
    public boolean present() {
      return true;
    }

    @Override
    public boolean agrees(List<String> shown, String question) {
      return false;
    }

    @Override
    public Optional<String> answer(List<String> shown, String question) {
      return Optional.empty();
    }

    @Override
    public Optional<Secret> password(String prompt) {
      return Optional.of(Secret.of("asked for when it is needed"));
    }
  }

  @Override
  public OutputOptions output() {
    return output;
  }

  @Override
  public Ending run(Context context) throws Refused {
    var order = run.order(new Unasked(), false, Optional.empty());
    var problems = context.program().get().validate(order);
    context.display().problems(problems);
    var errors = problems.stream().filter(p -> p.level() == Problem.Level.ERROR).count();
    context
        .display()
        .say(
            errors == 0
                ? "%s is valid.".formatted(order.input())
                : "%s: %d %s.".formatted(order.input(), errors, errors == 1 ? "error" : "errors"));
    return new Ending(errors == 0 ? ExitCode.DONE : ExitCode.REFUSED, Optional.empty());
  }
}
