package io.provision.cli;

import io.provision.console.Problem;
import io.provision.console.Table;
import io.provision.desk.DeskException;
import io.provision.engine.HostKeyPrompt;
import io.provision.engine.Options;
import io.provision.engine.Playbook;
import io.provision.engine.Report;
import io.provision.engine.RunListener;
import io.provision.engine.Runner;
import io.provision.engine.SavedPlan;
import io.provision.engine.TargetName;
import io.provision.engine.TaskGraphRefused;
import io.provision.fabric8.Fabric8Clusters;
import io.provision.load.InputRefused;
import io.provision.load.PlanFile;
import io.provision.load.SourceFile;
import io.provision.load.Surroundings;
import io.provision.local.DeskDirectories;
import io.provision.local.FileJournal;
import io.provision.local.LocalDesk;
import io.provision.model.Inventory;
import io.provision.ssh.HostKeys;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;

/** The commands, carried out. */
final class Provision implements Program {
  private final Inputs inputs;
  private final Surroundings surroundings;
  private final DeskDirectories directories;

  Provision(Inputs inputs, Surroundings surroundings, DeskDirectories directories) {
    this.inputs = inputs;
    this.surroundings = surroundings;
    this.directories = directories;
  }

  @Override
  public List<Problem> validate(Order order) {
    try {
      var read = inputs.read(order.input(), order.playbook());
      var options = options(order, read.inventory(), read.playbook(), owner("validate"));
      Runner.validate(read.playbook(), TypedLogins.into(read.inventory(), order.logins()), options);
      return read.warnings();
    } catch (Refused e) {
      return e.problems();
    } catch (TaskGraphRefused e) {
      return refused(e).problems();
    }
  }

  /** What was chosen; where that is refused, with what is wrong with the playbook beside it. */
  private static Options options(Order order, Inventory inventory, Playbook playbook, String owner)
      throws Refused {
    try {
      return Selection.options(order, inventory, playbook, owner);
    } catch (Refused e) {
      var all = new ArrayList<>(e.problems());
      try {
        Runner.validate(playbook, inventory, Selection.everything(owner));
      } catch (TaskGraphRefused more) {
        all.addAll(refused(more).problems());
      }
      throw new Refused(all);
    }
  }

  private static Refused refused(TaskGraphRefused playbook) {
    return new Refused(
        playbook.gaps().stream()
            .map(gap -> Problem.error(gap.position().toString(), gap.what()))
            .toList());
  }

  @Override
  public Report plan(Order order, Conversation conversation) throws Refused {
    var read = inputs.read(order.input(), order.playbook());
    if (order.out().isPresent()) {
      PlainSecrets.refuse(read.inventory(), read.playbook());
    }
    var id = RunId.fresh();
    var options = options(order, read.inventory(), read.playbook(), owner(id));
    var keys = HostKeys.forLooking();
    var result =
        run(
            read,
            order,
            conversation,
            id,
            keys,
            (runner, inventory) -> runner.plan(id, inventory, read.playbook(), options));
    if (order.out().isPresent() && !result.report().interrupted()) {
      save(order, read, new Saved(result, keys.seen()), order.out().get());
    }
    return result.report();
  }

  @Override
  public Report apply(Order order, Conversation conversation) throws Refused {
    var source = inputs.source(order.input());
    if (PlanFile.is(source)) {
      return applyPlan(source, order, conversation);
    }
    var read = inputs.read(source, order.playbook());
    return apply(order, read, conversation, Optional.empty(), new HostKeys());
  }

  private Report applyPlan(SourceFile source, Order order, Conversation conversation)
      throws Refused {
    if (!order.choice().equals(Order.Choice.ALL) || order.playbook().isPresent()) {
      throw new Refused(
          order.input().toString(),
          "a saved plan is applied as it stands, without --limit, --only, --skip, --remove and --playbook");
    }
    try {
      var plan = PlanFile.read(source);
      if (!plan.fits(ProgramVersion.text())) {
        throw new Refused(
            List.of(
                Problem.error(
                    order.input().toString(),
                    "this plan was made by version %s, this is %s. make a new plan"
                        .formatted(plan.version(), ProgramVersion.text()))),
            ExitCode.PLAN_MOVED);
      }
      var read =
          inputs.read(
              Path.of(plan.inventoryFile()),
              plan.inventory(),
              plan.playbook().map(text -> Path.of(text.file())),
              plan.playbook().map(PlanFile.Text::text));
      var same =
          new Order(
              order.input(),
              Optional.empty(),
              new Order.Choice(plan.limit(), plan.only(), plan.skip(), plan.remove()),
              order.forks(),
              order.logins(),
              order.yes(),
              Optional.empty());
      return apply(
          same, read, conversation, Optional.of(plan.plan()), HostKeys.only(plan.hostKeys()));
    } catch (InputRefused e) {
      throw new Refused(
          e.problems().stream()
              .map(each -> Problem.error(each.at().toString(), each.reason()))
              .toList());
    }
  }

  private Report apply(
      Order order,
      Inputs.Read read,
      Conversation conversation,
      Optional<SavedPlan> saved,
      HostKeys keys)
      throws Refused {
    requireSomebodyToAsk(order, conversation);
    var id = RunId.fresh();
    var options = options(order, read.inventory(), read.playbook(), owner(id));
    return run(
            read,
            order,
            conversation,
            id,
            keys,
            (runner, inventory) -> runner.apply(id, inventory, read.playbook(), options, saved))
        .report();
  }

  /** What cannot be undone is asked for by name, or was agreed to on the command line. */
  private static void requireSomebodyToAsk(Order order, Conversation conversation) throws Refused {
    if (!order.choice().remove().isEmpty() && !order.yes() && !conversation.operator().present()) {
      throw new Refused(
          "--remove",
          "nobody can be asked to confirm it: standard input and output must be a terminal. In"
              + " scripts add --force-remove, or --yes, which answers every question");
    }
  }

  @Override
  public Report kubeconfig(Order order, Conversation conversation) throws Refused {
    var choice = new Order.Choice(local(order.choice().limit()), List.of("kubeconfig"), List.of());
    return apply(
        new Order(
            order.input(),
            order.playbook(),
            choice,
            order.forks(),
            order.logins(),
            order.yes(),
            Optional.empty()),
        conversation);
  }

  /** Where the kubeconfig is asked for, the operator's own machine is meant too. */
  private static List<String> local(List<String> limit) {
    return limit.isEmpty() ? limit : Stream.concat(limit.stream(), Stream.of(Limit.LOCAL)).toList();
  }

  @Override
  public Status status(Order order, Conversation conversation) throws Refused {
    var read = inputs.read(order.input(), order.playbook());
    var id = RunId.fresh();
    var playbook = StatusTables.asked(read.playbook(), read.inventory());
    var options = options(order, read.inventory(), playbook, owner(id));
    var quiet =
        new Conversation(
            _ -> {}, conversation.operator(), conversation.interrupt(), conversation.warnings());
    var result =
        run(
            read,
            order,
            quiet,
            id,
            HostKeys.forLooking(),
            (runner, inventory) -> runner.plan(id, inventory, playbook, options));
    SequencedMap<String, Table> tables = StatusTables.of(read.inventory(), result);
    return new Status(tables, result.report());
  }

  @Override
  public Gate gluster(Order order, Optional<String> without, Conversation conversation)
      throws Refused {
    var read = inputs.read(order.input(), order.playbook());
    var playbook = GlusterCheck.playbook(read.inventory(), without);
    var id = RunId.fresh();
    var options = options(order, read.inventory(), playbook, owner(id));
    var quiet =
        new Conversation(
            _ -> {}, conversation.operator(), conversation.interrupt(), conversation.warnings());
    var result =
        run(
            read,
            order,
            quiet,
            id,
            HostKeys.forLooking(),
            (runner, inventory) -> runner.plan(id, inventory, playbook, options));
    return GlusterCheck.gate(result, without);
  }

  @Override
  public List<String> unlock(Order order, Conversation conversation) throws Refused {
    var read = inputs.read(order.input(), order.playbook());
    var problems = new ArrayList<Problem>();
    var limit = Limit.of(order.choice().limit(), read.inventory(), problems);
    if (!problems.isEmpty()) {
      throw new Refused(problems);
    }
    var inventory = TypedLogins.into(read.inventory(), order.logins());
    try (var transport = new Transports(new HostKeys())) {
      return new Unlocking(transport, conversation.operator(), order.yes())
          .all(
              inventory.hosts().stream()
                  .filter(host ->
                      limit.map(set -> set.contains(TargetName.of(host.name()))).orElse(true))
                  .toList());
    }
  }

  @Override
  public List<StepHelp> steps() {
    return CatalogHelp.all();
  }

  private interface Job {
    Runner.Result with(Runner runner, Inventory inventory) throws InterruptedException;
  }

  private Runner.Result run(
      Inputs.Read read, Order order, Conversation conversation, String id, HostKeys keys, Job job)
      throws Refused {
    read.warnings().forEach(conversation.warnings());
    var inventory = TypedLogins.into(read.inventory(), order.logins());
    try (var transport = new Transports(keys);
        var journal = FileJournal.start(directories.state(), id, surroundings.custody())) {
      var complaints =
          new JournalListener(
              journal,
              conversation.interrupt(),
              text -> conversation.warnings().accept(Problem.error("", text)));
      RunListener both =
          event -> {
            complaints.on(event);
            conversation.events().on(event);
          };
      HostKeyPrompt prompt = unknown -> HostKeyQuestion.ask(conversation.operator(), unknown);
      var runner =
          new Runner(
              transport,
              desk(inventory),
              access -> new Fabric8Clusters().open(access),
              both,
              conversation.interrupt(),
              prompt,
              removals -> order.yes() || RemovalQuestion.ask(conversation.operator(), removals));
      var result = job.with(runner, inventory);
      transport
          .warnings()
          .forEach(text -> conversation.warnings().accept(Problem.warning("", text)));
      if (complaints.isBroken()) {
        throw Refused.unjournaled(result.report());
      }
      return result;
    } catch (DeskException e) {
      throw new Refused(
          List.of(Problem.error("", e.what() + ". " + e.remedy())), ExitCode.OUTPUT_LOST);
    } catch (TaskGraphRefused e) {
      throw refused(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Refused(List.of(Problem.error("", "interrupted")), ExitCode.INTERRUPTED);
    }
  }

  private LocalDesk desk(Inventory inventory) {
    var artifacts =
        inventory
            .artifacts()
            .or(() ->
                Optional.ofNullable(surroundings.environment().get("PROVISION_ARTIFACTS"))
                    .filter(text -> !text.isEmpty())
                    .map(Path::of));
    return new LocalDesk(
        new LocalDesk.Settings(
            artifacts,
            inventory.mirror(),
            directories.cache(),
            surroundings.environment(),
            _ -> {}));
  }

  /** What a plan is made of beside its input. */
  private record Saved(Runner.Result result, List<String> hostKeys) {}

  private void save(Order order, Inputs.Read read, Saved saved, Path file) throws Refused {
    var choice = order.choice();
    var playbook =
        read.playbookText()
            .map(text ->
                new PlanFile.Text(
                    read.playbookFile().orElseThrow().toAbsolutePath().toString(), text));
    try {
      new PlanFile(
              PlanFile.FORMAT,
              ProgramVersion.text(),
              read.inventory().file().toAbsolutePath().toString(),
              read.text(),
              playbook,
              choice.limit(),
              choice.only(),
              choice.skip(),
              choice.remove(),
              saved.hostKeys(),
              saved.result().plan())
          .write(file);
    } catch (IOException e) {
      throw Refused.unwritten(
          saved.result().report(),
          List.of(
              Problem.error(
                  file.toString(),
                  "the plan cannot be written (%s). Choose another place for --out"
                      .formatted(e.getMessage()))));
    }
  }

  private static String owner(String run) {
    return Owner.text(run);
  }
}
