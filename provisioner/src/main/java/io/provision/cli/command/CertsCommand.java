package io.provision.cli.command;

import io.provision.cli.option.OutputOptions;
import io.provision.cli.option.RunOptions;
import io.provision.cli.run.Context;
import io.provision.cli.run.Refused;
import io.provision.steps.Catalog;
import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@CommandLine.Command(
    name = "certs",
    description =
        "Shows when which certificate of which node ends, and who renews it; changes nothing. An"
            + " apply renews what ends within 90 days. Exit code 7 where one has ended, ends within"
            + " the days of --within, or cannot be read, and where one was asked for and nobody"
            + " approved it.",
    footer = {"", "Example:", "  provision certs home.yml --within 30"})
public final class CertsCommand implements Command {
  /** A hundred years: more is a slip. */
  private static final int MOST_DAYS = 36_500;

  @Mixin private RunOptions run = new RunOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  @Option(
      names = "--within",
      paramLabel = "DAYS",
      description = "also say what ends within so many days")
  private int within;

  @Override
  public OutputOptions output() {
    return output;
  }

  @Override
  public Ending run(Context context) throws Refused {
    if (within < 0 || within > MOST_DAYS) {
      throw new Refused("--within", "a number of days, 0 to %d".formatted(MOST_DAYS));
    }
    var read = run.read(context);
    var view = Catalog.certificates();
    var asked =
        ViewRun.of(
            view, "the inventory has no Kubernetes, whose nodes have any", run, read, context);
    var ending = view.ending(read.inventory(), asked.seen(), Duration.ofDays(within));
    ending.forEach(one -> context.display().say(one.toString()));
    return asked.ending(ending.isEmpty());
  }
}
