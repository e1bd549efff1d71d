package io.provision.cli.command;

import io.provision.cli.option.AgreeOption;
import io.provision.cli.option.Choice;
import io.provision.cli.option.OutputOptions;
import io.provision.cli.option.RemoveOption;
import io.provision.cli.option.RunOptions;
import io.provision.cli.option.StepOptions;
import io.provision.cli.run.Context;
import io.provision.cli.run.Conversation;
import io.provision.cli.run.ExitCode;
import io.provision.cli.run.ProgramVersion;
import io.provision.cli.run.Refused;
import io.provision.console.Problem;
import io.provision.engine.event.Report;
import io.provision.load.PlanFile;
import io.provision.load.bind.SourceFile;
import io.provision.ssh.HostKeys;
import java.util.List;
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
public final class ApplyCommand implements Command {
  @Mixin private RunOptions run = new RunOptions();
  @Mixin private StepOptions steps = new StepOptions();
  @Mixin private OutputOptions output = new OutputOptions();
  @Mixin private RemoveOption remove = new RemoveOption();

  @Option(
      names = {"-y", "--yes"},
      description = "do not ask before something would be lost")
  private boolean yes;

  @Mixin private AgreeOption agree = new AgreeOption();

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
    var times = new Profile();
    var report = report(context, profile ? context.telling(times) : context.conversation());
    if (profile) {
      times.tables().forEach(context.display()::table);
    }
    return Ending.of(report);
  }

  private Report report(Context context, Conversation conversation) throws Refused {
    var source = context.program().inputs().source(run.inventory().input());
    var saved =
        PlanFile.is(source) ? Optional.of(plan(source, context)) : Optional.<PlanFile>empty();
    var read =
        context.warned(
            saved.isPresent()
                ? context.program().inputs().read(saved.get())
                : context.program().inputs().read(source, run.playbook()));
    if (!choice(saved).remove().isEmpty()) {
      AgreeOption.requireSomebodyToAsk(
          "--remove",
          agreed(),
          ", or --yes, which answers every question",
          conversation.operator());
    }
    var request = run.request(choice(saved), read.inventory(), read.playbook(), context);
    var keys = saved.map(plan -> HostKeys.only(plan.hostKeys())).orElseGet(HostKeys::new);
    return context
        .program()
        .apply(
            request.trusting(keys).agreed(agreed()).telling(conversation),
            saved.map(PlanFile::plan))
        .report();
  }

  private boolean agreed() {
    return yes || agree.agreed();
  }

  private Choice choice(Optional<PlanFile> saved) {
    return saved
        .map(plan -> new Choice(plan.limit(), plan.only(), plan.skip(), plan.remove()))
        .orElseGet(() -> steps.of(run.choice()).removing(remove.words()));
  }

  /** A saved plan, where it is applied as it stands by the version that made it. */
  private PlanFile plan(SourceFile source, Context context) throws Refused {
    var file = run.inventory().input().toString();
    if (!choice(Optional.empty()).isAll() || run.playbook().isPresent()) {
      throw new Refused(
          file,
          "a saved plan is applied as it stands, without --limit, --only, --skip, --remove and --playbook");
    }
    var plan = context.program().inputs().plan(source);
    if (!plan.misfit(ProgramVersion.text()).isEmpty()) {
      throw new Refused(
          List.of(Problem.error(file, plan.misfit(ProgramVersion.text()) + ". make a new plan")),
          ExitCode.PLAN_MOVED);
    }
    return plan;
  }
}
