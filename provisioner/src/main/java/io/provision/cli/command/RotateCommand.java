package io.provision.cli.command;

import io.provision.cli.drill.OutageDrill;
import io.provision.cli.option.Choice;
import io.provision.cli.option.OutputOptions;
import io.provision.cli.option.RunOptions;
import io.provision.cli.rotation.AwayHosts;
import io.provision.cli.rotation.OwnStepsTable;
import io.provision.cli.rotation.QuietOptions;
import io.provision.cli.rotation.RebootOptions;
import io.provision.cli.rotation.RebootPlays;
import io.provision.cli.rotation.RotationAdvice;
import io.provision.cli.rotation.RotationCalendar;
import io.provision.cli.rotation.WaitingNodes;
import io.provision.cli.rotation.pod.CronJobOptions;
import io.provision.cli.rotation.pod.HandingOver;
import io.provision.cli.rotation.pod.LeftOutNode;
import io.provision.cli.rotation.report.RotationReport;
import io.provision.cli.run.Context;
import io.provision.cli.run.ExitCode;
import io.provision.cli.run.Inputs;
import io.provision.cli.run.OwnPod;
import io.provision.cli.run.Refused;
import io.provision.cli.run.RunRequest;
import io.provision.engine.event.Report;
import io.provision.model.Inventory;
import io.provision.model.rotation.Rotation;
import io.provision.section.TimeSpan;
import io.provision.ssh.HostKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@CommandLine.Command(
    name = "rotate",
    description = {
      "Reboots the hosts that want it (/run/reboot-required, a newer kernel, their age), one after"
          + " another. Nodes of Kubernetes are drained, rebooted, and taken back into use once they"
          + " are heard of anew and Ready: control planes first, each only while all the others are"
          + " healthy. Hosts that are no nodes follow, or are all there is, each only while all"
          + " other hosts are there. The first that fails stops those behind it.",
      "A host with bricks of GlusterFS goes only while nothing waits to be healed and the volumes"
          + " stay usable without it ('gluster check --without'), asked before it is drained and"
          + " again before its reboot, and comes back into use once its bricks have caught up. What"
          + " is missing is waited for, 30 minutes at most, and said.",
      "Where the inventory has windows ('cluster.rotation.windows'), a host's turn begins only"
          + " while one is open, which is asked again before its drain and before its reboot; one"
          + " that is out of use by us is given back, whatever the time is.",
      "With --upgrade or --command something is run on each host between its drain and its reboot;"
          + " hosts on which it has something to do go besides.",
      "Nothing else of the inventory is brought about. Killed anywhere, the same command goes on,"
          + " and gives back what it had taken out of use."
    },
    footer = {
      "",
      "Examples:",
      "  provision rotate home.yml --dry-run      who would be rebooted, why, and when",
      "  provision rotate home.yml",
      "  provision rotate home.yml --now          whatever the windows say",
      "  provision rotate home.yml --upgrade      upgrade packages before each reboot",
      "  provision rotate home.yml --resume       give back what a killed one has left",
      "  provision rotate home.yml --install-timer",
      "  provision rotate home.yml --install-cronjob --image registry.home/provision@sha256:...",
      "  provision rotate home.yml --advise > advice.yml",
      "  provision rotate home.yml --propose-windows http://prometheus.home:9090",
      "  provision rotate home.yml --kill w1      pull its plug, and see what fails over"
    })
public final class RotateCommand implements Command {
  @Mixin private RunOptions run = new RunOptions();
  @Mixin private OutputOptions output = new OutputOptions();
  @Mixin private QuietOptions quiet = new QuietOptions();
  @Mixin private RebootOptions reboots = new RebootOptions();
  @Mixin private CronJobOptions cronJob = new CronJobOptions();

  @Option(names = "--dry-run", description = "show who would be rebooted, and when; change nothing")
  private boolean dry;

  @Option(names = "--now", description = "whether a window of the inventory is open or not")
  private boolean now;

  @Option(
      names = "--resume",
      description =
          "only give back what an earlier one has left out of use, whatever the windows say; reboot"
              + " nothing")
  private boolean resume;

  @Option(
      names = "--older-than",
      paramLabel = "TIME",
      description = "reboot nodes besides that booted so long ago: 12h, 30d, 2w")
  private Optional<String> olderThan = Optional.empty();

  @Option(
      names = "--advise",
      description =
          "print what workloads lack so that their nodes can go, as YAML for kubectl; change"
              + " nothing")
  private boolean advise;

  @Option(
      names = "--kill",
      paramLabel = "HOST",
      description =
          "the drill: cut the power of this host by its 'power', see what fails over, bring it"
              + " back, and say what was away and how long")
  private Optional<String> kill = Optional.empty();

  @Option(
      names = "--for",
      paramLabel = "TIME",
      description =
          "with --kill: without power so long at most, a day at most; 8m where nothing is said")
  private Optional<String> without = Optional.empty();

  @Option(
      names = {"-y", "--yes"},
      description = "with --kill: do not ask before")
  private boolean yes;

  @Option(
      names = "--install-timer",
      description = "have systemd of this machine start it in each window; tries it out first")
  private boolean install;

  @Option(names = "--remove-timer", description = "have it started no more")
  private boolean remove;

  @Override
  public OutputOptions output() {
    return output;
  }

  @Override
  public Ending run(Context context) throws Refused {
    var read = run.read(context);
    var inventory = read.inventory();
    refuseWhatGoesNotTogether(inventory);
    if (quiet.asked()) {
      quiet.propose(context, inventory);
      return Ending.DONE;
    }
    var own = new OwnStepsTable(Rotation.of(inventory).own(), inventory);
    if (kill.isPresent()) {
      own.refuseUnstartable(context.program());
      return Ending.of(new OutageDrill(run, kill.get(), outage(), yes).run(context, read));
    }
    if (advise) {
      if (inventory.nodes().isEmpty()) {
        throw new Refused(
            "--advise", "it describes no Kubernetes, whose workloads could be looked at");
      }
      var choice = new Choice(List.of(), List.of(RotationAdvice.STEP), List.of(), List.of());
      var playbook = RotationAdvice.behind(read.playbook());
      RotationAdvice.print(context, run.request(choice, inventory, playbook, context));
      return Ending.DONE;
    }
    var unattended = new RotateUnattended(run, choosing());
    if (install || remove) {
      refuseBesidesTimer();
      unattended.timer(context, read, remove);
      return Ending.DONE;
    }
    if (cronJob.asked()) {
      return Ending.of(unattended.cronJob(context, read, cronJob, dry));
    }
    var pod = context.program().pod();
    var rotation = rotation(inventory).going(new Rotation.Course(pod.map(OwnPod::node), !resume));
    if (resume) {
      return resumed(context, read, inventory.with(rotation.atAnyTime()));
    }
    if (pod.isPresent() && !now && rotation.isShut(context.now())) {
      context.display().say(rotation.windows().get().shut(context.now()) + ": nothing is done");
      return Ending.DONE;
    }
    var calendar =
        rotation.windows().map(it -> new RotationCalendar(it, inventory.file().toString()));
    if (dry) {
      calendar.ifPresent(it -> it.show(context.now(), context.display()));
      own.show(context.display());
    }
    return dry || now
        ? rotate(context, read, inventory.with(rotation.atAnyTime()), Optional.empty())
        : rotate(context, read, inventory.with(rotation), calendar);
  }

  /** Nothing would carry out the other one. */
  private void refuseWhatGoesNotTogether(Inventory inventory) throws Refused {
    var choosing = olderThan.isPresent() || reboots.given().isPresent();
    quiet.refuseWithout();
    cronJob.refuseWhatGoesNotTogether();
    refuseBesidesCronJob(choosing);
    if (quiet.asked()
        && (advise || dry || now || install || remove || choosing || kill.isPresent())) {
      throw new Refused("--propose-windows", "it reboots nothing, and goes with no other of these");
    }
    var other = dry || now || install || remove || advise || choosing;
    if (kill.isPresent() ? other : without.isPresent() || yes) {
      throw new Refused(
          kill.isPresent() ? "--kill" : without.isPresent() ? "--for" : "--yes",
          "--kill goes with --for and --yes, and these with it, and with no other option of"
              + " 'rotate'");
    }
    if (advise && (dry || now || install || remove || choosing)) {
      throw new Refused("--advise", "it reboots nothing, and goes with no other of these options");
    }
    if (remove && choosing) {
      throw new Refused(
          "--remove-timer",
          "it goes with no option that says what is rebooted: %s"
              .formatted(reboots.given().orElse("--older-than")));
    }
    var _ = reboots.choice(inventory);
  }

  /** What says whom it reboots, and how, as it is typed. */
  private List<String> choosing() {
    var words = new ArrayList<String>();
    olderThan.ifPresent(it -> words.addAll(List.of("--older-than", it)));
    words.addAll(reboots.words());
    return words;
  }

  private void refuseBesidesTimer() throws Refused {
    if (install && remove || dry || now) {
      throw new Refused(
          remove ? "--remove-timer" : "--install-timer",
          "it goes with none of --dry-run, --now, --install-timer and --remove-timer");
    }
  }

  private void refuseBesidesCronJob(boolean choosing) throws Refused {
    var other = install || remove || now || advise || quiet.asked() || kill.isPresent();
    if (cronJob.asked() && (other || resume)) {
      throw new Refused(
          "--install-cronjob and --remove-cronjob",
          "they go with --dry-run, and with what says whom it reboots, and with no other of these");
    }
    if (resume && (other || choosing)) {
      throw new Refused("--resume", "it reboots nothing, and goes with --dry-run alone");
    }
  }

  private Duration outage() throws Refused {
    try {
      var time = without.map(it -> new TimeSpan(it).duration()).orElse(OutageDrill.USUAL);
      if (time.compareTo(OutageDrill.LONGEST) > 0) {
        throw new Refused(
            "--for",
            "%s is longer than a day: a host that stays away is switched off by you, not by a drill"
                .formatted(without.orElse("")));
      }
      return time;
    } catch (IllegalArgumentException e) {
      throw new Refused("--for", String.valueOf(e.getMessage()));
    }
  }

  private Rotation rotation(Inventory inventory) throws Refused {
    var declared = Rotation.of(inventory);
    if (olderThan.isEmpty()) {
      return declared;
    }
    if (inventory.cluster().isEmpty()) {
      throw new Refused(
          "--older-than",
          "the inventory has no 'cluster', which an age goes with. write: cluster: { name: home,"
              + " distribution: none }");
    }
    try {
      return declared.olderThan(new TimeSpan(olderThan.get()).duration());
    } catch (IllegalArgumentException e) {
      throw new Refused("--older-than", String.valueOf(e.getMessage()));
    }
  }

  private Ending rotate(
      Context context, Inputs.Read read, Inventory inventory, Optional<RotationCalendar> calendar)
      throws Refused {
    var plays = new RebootPlays(inventory, reboots.choice(inventory));
    var choice = new Choice(run.choice().limit(), plays.steps(), List.of(), List.of());
    var asked = run.request(choice, inventory, plays.behind(read.playbook()), context);
    var away = new AwayHosts();
    var request = asked.telling(asked.conversation().alsoTelling(away));
    var report = new RotationReport(context, inventory);
    var own = new OwnStepsTable(Rotation.of(inventory).own(), inventory);
    if (dry) {
      report.require();
      own.refuseUnstartable(context.program());
      return ending(away, context.program().plan(request).report());
    }
    var left = new LeftOutNode();
    var ending =
        report.of(
            listener -> {
              own.refuseUnstartable(context.program());
              var told = request.conversation().alsoTelling(listener).alsoTelling(left);
              return apply(context, request.telling(told), calendar, away);
            },
            Ending::code);
    return handedOver(context, inventory, left, ending);
  }

  /** What is left to a pod elsewhere, where this is one and all else went well. */
  private static Ending handedOver(
      Context context, Inventory inventory, LeftOutNode left, Ending ending) throws Refused {
    var pod = context.program().pod();
    var rotation = Rotation.of(inventory);
    if (pod.isPresent()
        && rotation.course().begins()
        && ending.code() == ExitCode.DONE
        && left.waits(pod.get().node())) {
      new HandingOver(pod.get(), rotation).run(context);
    }
    return ending;
  }

  /** Another run that works on it is no failure of what only looks after those that are no more. */
  private Ending resumed(Context context, Inputs.Read read, Inventory inventory) throws Refused {
    if (inventory.cluster().isEmpty()) { // nothing would say that no turn begins
      throw new Refused(
          "--resume",
          "the inventory has no 'cluster', which that goes with. write: cluster: { name: home,"
              + " distribution: none }");
    }
    var ending = rotate(context, read, inventory, Optional.empty());
    if (context.program().pod().isPresent() && ending.code() == ExitCode.LOCKED) {
      context.display().say("a run is under way, which gives back what it takes");
      return new Ending(ExitCode.DONE, ending.report());
    }
    return ending;
  }

  private static Ending apply(
      Context context, RunRequest request, Optional<RotationCalendar> calendar, AwayHosts away)
      throws Refused {
    calendar.ifPresent(it -> it.announce(context.now(), context.display()));
    var waiting = new WaitingNodes();
    var report =
        context
            .program()
            .apply(
                request
                    .trusting(new HostKeys())
                    .telling(request.conversation().alsoTelling(waiting)),
                Optional.empty())
            .report();
    return calendar
        .filter(_ -> ExitCode.of(report) == ExitCode.DONE && !waiting.names().isEmpty())
        .map(it -> {
          it.refuse(waiting.names(), context.now(), context.display());
          return new Ending(ExitCode.UNSAFE, Optional.of(report));
        })
        .orElseGet(() -> ending(away, report));
  }

  private static Ending ending(AwayHosts away, Report report) {
    return new Ending(away.code(ExitCode.of(report)), Optional.of(report));
  }
}
