package io.provision.cli.rotation.pod;

import io.provision.cli.rotation.UnattendedTrial;
import io.provision.cli.run.Context;
import io.provision.cli.run.ExitCode;
import io.provision.cli.run.Inputs;
import io.provision.cli.run.Refused;
import io.provision.cli.run.RunRequest;
import io.provision.console.Problem;
import io.provision.desk.DeskException;
import io.provision.engine.event.Report;
import io.provision.engine.event.StepRef;
import io.provision.engine.playbook.Item;
import io.provision.engine.playbook.Play;
import io.provision.engine.playbook.Playbook;
import io.provision.kube.Manifest;
import io.provision.kube.ObjectRef;
import io.provision.model.Cluster;
import io.provision.model.Inventory;
import io.provision.model.Position;
import io.provision.model.rotation.Hook;
import io.provision.model.rotation.OwnCheck;
import io.provision.model.rotation.Rotation;
import io.provision.model.window.CronSchedule;
import io.provision.model.window.Occurrence;
import io.provision.model.window.Windows;
import io.provision.ssh.HostKeys;
import io.provision.ssh.Workstation;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.Catalog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Puts what has a cluster rotate its own nodes into it, or takes it out; by a step of the engine,
 * so that a dry run shows it, and once it is there nothing is to be done.
 *
 * @param words the inventory with an absolute path, and options of every run
 * @param choosing what of a rotation says whom it reboots, and how: who gives back reboots nobody
 */
public record CronJobCommand(
    CronJobOptions options, Inputs.Read read, List<String> words, List<String> choosing) {
  /** The name of its one step. */
  public static final String STEP = "rotation-cronjob";

  private static final Position AT = new Position("provision rotate --install-cronjob", 1, 1);
  private static final int LOOKED_AT = 16;

  public CronJobCommand {
    words = List.copyOf(words);
    choosing = List.copyOf(choosing);
  }

  /** What makes a request of a playbook. */
  @FunctionalInterface
  public interface Requests {
    RunRequest of(Playbook playbook) throws Refused;
  }

  /**
   * Does it, or shows what it would do.
   *
   * @param trial the launcher and the rotation, for a trial on this machine; empty for none
   */
  public Report run(Context context, Requests requests, boolean dry, List<String> trial)
      throws Refused {
    var names = PodNames.of(options.namespace(), cluster().name());
    if (!options.installs()) {
      var gone = Catalog.rotationObjectsGone(names.all(), names.ofNamespace());
      return done(context, requests.of(behind(gone)), dry);
    }
    var windows = windows();
    refuseWhatIsOfThisMachine();
    var here = Workstation.current();
    var pod = pod(names, here, "rotation", choosing);
    var calendar = windows.calendar(context.now(), LOOKED_AT);
    var schedule = CronSchedule.of(windows);
    var made = new CronJobManifests(names, pod, schedule, longest(calendar), shortest(calendar));
    var manifests = new ArrayList<>(made.all());
    var gone = new ArrayList<ObjectRef>();
    if (options.hasJanitor()) {
      manifests.add(made.janitor(pod(names.janitor(), here, "janitor", List.of("--resume"))));
    } else {
      gone.add(names.janitor().ofCronJob());
    }
    if (!trial.isEmpty()) {
      tryOut(context, trial);
    }
    var report = done(context, requests.of(behind(objects(manifests, gone))), dry);
    tell(context, names, schedule, windows);
    return report;
  }

  private static Step<Target.OnCluster> objects(List<Manifest> manifests, List<ObjectRef> gone) {
    return Catalog.rotationObjects(manifests, gone);
  }

  private Playbook behind(Step<Target.OnCluster> step) {
    var plays = new ArrayList<Play>(read.playbook().plays());
    plays.add(new Play.OnCluster("rotation", List.of(new Item<>(new StepRef(STEP, 0, AT), step))));
    return new Playbook(plays);
  }

  private static Report done(Context context, RunRequest request, boolean dry) throws Refused {
    return dry
        ? context.program().plan(request).report()
        : context.program().apply(request.trusting(new HostKeys()), Optional.empty()).report();
  }

  private void tryOut(Context context, List<String> command) throws Refused {
    try {
      new UnattendedTrial(read.inventory(), "pod")
          .run(context, context.program().timers(), command);
    } catch (DeskException e) {
      throw new Refused(List.of(Problem.error("", e.what() + ". " + e.remedy())), ExitCode.REFUSED);
    }
  }

  private RotationPod pod(PodNames names, Workstation here, String component, List<String> more)
      throws Refused {
    var labels = new LinkedHashMap<>(Catalog.rotationLabels());
    labels.put("app.kubernetes.io/instance", names.base());
    labels.put("app.kubernetes.io/component", component);
    var command = new ArrayList<>(List.of("provision", "rotate"));
    command.addAll(words);
    command.addAll(more);
    return new RotationPod(
        names, options.image(), labels, command, environment(here), BroughtFiles.of(read, here));
  }

  /** What the program finds of the operator's machine in a pod; nothing else. */
  public static Map<String, String> environment(Workstation here) {
    return new TreeMap<>(
        Map.of(
            "HOME",
            here.home().toString(),
            "USER",
            here.user(),
            "LANG",
            "C.UTF-8",
            "XDG_STATE_HOME",
            "/tmp/state",
            "XDG_CACHE_HOME",
            "/tmp/cache"));
  }

  /** Nobody would set them there. */
  public static void refuseUnset(Inventory inventory, Collection<String> unset) throws Refused {
    if (!unset.isEmpty()) {
      throw new Refused(
          inventory.file().toString(),
          "it refers to %s, which no pod has in its environment. write ${file:PATH} with a file of mode 0600, which is brought along"
              .formatted(
                  unset.stream()
                      .sorted()
                      .map("${env:%s}"::formatted)
                      .collect(Collectors.joining(", "))));
    }
  }

  /** It would be lost, or not be there. */
  private void refuseWhatIsOfThisMachine() throws Refused {
    var rotation = Rotation.of(read.inventory());
    var where = read.inventory().file().toString();
    if (rotation.reporting().metrics().isPresent()) {
      throw new Refused(
          where,
          "its 'rotation.metrics' would be written in a pod, and lost with it. take it out, or use"
              + " --install-timer");
    }
    var own = rotation.own();
    var programs =
        own.checks().stream().filter(it -> it.asked() instanceof OwnCheck.Program).toList();
    if (!programs.isEmpty()) {
      throw new Refused(
          where,
          "its checks by a program (%s) would run in a pod, which has no program of this machine. write 'http' or 'prometheus', or use --install-timer"
              .formatted(String.join(", ", programs.stream().map(OwnCheck::name).toList())));
    }
    var here = new ArrayList<Hook>(own.beforeDrain());
    here.addAll(own.afterReturn());
    here.removeIf(it -> it.place() != Hook.Place.HERE);
    if (!here.isEmpty()) {
      throw new Refused(
          where,
          "its hooks that run here (%s) would run in a pod, which has no program of this machine. write 'on: host', or use --install-timer"
              .formatted(String.join(", ", here.stream().map(Hook::name).toList())));
    }
  }

  private Cluster cluster() throws Refused {
    Inventory inventory = read.inventory();
    return inventory
        .cluster()
        .filter(_ -> !inventory.nodes().isEmpty())
        .orElseThrow(() ->
            new Refused(
                inventory.file().toString(),
                "it describes no Kubernetes that could start anything. use --install-timer"));
  }

  private Windows windows() throws Refused {
    return Rotation.of(read.inventory())
        .windows()
        .orElseThrow(() ->
            new Refused(
                read.inventory().file().toString(),
                "it has no windows, which a CronJob goes by. write them at"
                    + " 'cluster.rotation.windows', such as 'Sat,Sun 02:00-05:00 Asia/Seoul'"));
  }

  private static Duration longest(List<Occurrence> calendar) {
    return calendar.stream().map(CronJobCommand::lasting).max(Duration::compareTo).orElseThrow();
  }

  private static Duration shortest(List<Occurrence> calendar) {
    return calendar.stream().map(CronJobCommand::lasting).min(Duration::compareTo).orElseThrow();
  }

  private static Duration lasting(Occurrence opening) {
    return Duration.between(opening.begin(), opening.end());
  }

  private void tell(Context context, PodNames names, CronSchedule schedule, Windows windows) {
    var display = context.display();
    var secrets =
        "Secret %1$s/%2$s has the SSH key: whoever may read Secrets in the namespace %1$s, or make pods there, is root on all hosts of this inventory; so is root on the node on which a pod of it runs, and whoever reads a snapshot of etcd without encryption. Give nobody rights there"
            .formatted(names.namespace(), names.base());
    display.problems(List.of(Problem.warning("", secrets)));
    display.say(
        "it starts %s%s"
            .formatted(
                schedule,
                schedule.exact()
                    ? ""
                    : ": cron cannot say these windows, so that it starts more often, and ends at"
                        + " once where none is open"));
    windows.next(context.now()).ifPresent(it -> display.say("the next window: " + it.opens()));
    display.say(
        "its log: kubectl -n %s logs --tail=-1 --prefix -c %s -l app.kubernetes.io/instance=%s,app.kubernetes.io/component=rotation"
            .formatted(names.namespace(), RotationPod.CONTAINER, names.base()));
    display.say(
        "by hand: kubectl -n %s create job --from=cronjob/%s %s-by-hand"
            .formatted(names.namespace(), names.cronJob(), names.base()));
  }
}
