package io.provision.cli;

import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@CommandLine.Command(
    name = "apply",
    description = {
      "Brings every host to the state that the inventory and its playbook declare. What is as it"
          + " should be is left alone; every change is looked at again before it is called one.",
      "Given a plan that 'plan --out' saved, does exactly what it says, or nothing."
    },
    footer = {
      "",
      "Examples:",
      "  provision apply home.yml                         all of it",
      "  provision apply home.yml --limit w1,w2           only these hosts are changed",
      "  provision apply home.yml --limit w1,cluster      and the cluster's API",
      "  provision apply home.yml --only sysctl           only this step",
      "  provision apply home.yml --remove w3             also takes out w3, which has left the file;",
      "                                                   asks for its name",
      "  provision apply home.plan                        a saved plan",
      "",
      "Ctrl-C once finishes the steps in progress, twice exits at once. The same command goes on."
    })
final class ApplyCommand implements Command {
  @Mixin private RunOptions run = new RunOptions();
  @Mixin private OutputOptions output = new OutputOptions();
  @Mixin private RemoveOption remove = new RemoveOption();

  @Option(
      names = {"-y", "--yes"},
      description = "do not ask before something would be lost")
  private boolean yes;

  @Option(
      names = "--force-remove",
      description = "do not ask before what --remove names is removed (where there is no terminal)")
  private boolean forceRemove;

  @Option(
      names = "--profile",
      description = "show at the end where the time went, by host and by step")
  private boolean profile;

  @Override
  public OutputOptions output() {
    return output;
  }

  @Override
  public Ending run(Context context) throws Refused {
    var order =
        run.order(
            context.display().operator(), yes || forceRemove, Optional.empty(), remove.words());
    if (!profile) {
      return Ending.of(context.program().get().apply(order, context.conversation()));
    }
    var times = new Profile();
    var report = context.program().get().apply(order, context.conversation().alsoTelling(times));
    times.tables().forEach(context.display()::table);
    return Ending.of(report);
  }
}
