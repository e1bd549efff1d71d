package io.provision.cli.doctor;

import io.provision.cli.option.RunOptions;
import io.provision.cli.run.Context;
import io.provision.cli.run.Inputs;
import io.provision.cli.run.Refused;
import io.provision.cli.run.RunRequest;
import io.provision.engine.event.Outcome;
import io.provision.engine.event.RunEvent;
import io.provision.engine.event.RunResult;
import io.provision.engine.event.TargetName;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.step.Observed;
import io.provision.step.StatusView;
import io.provision.step.doctor.Diagnoses;
import io.provision.step.doctor.Doctor;
import io.provision.step.doctor.Examined;
import io.provision.steps.Catalog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** What a doctor does: it looks at each host by itself, and tries out what no look can tell. */
final class DoctorVisit {
  /** Who renews certificates does so long before. */
  private static final Duration ENDS_SOON = Duration.ofDays(30);

  private final Context context;
  private final Inventory inventory;
  private final RunRequest request;
  private final Doctor doctor = Catalog.doctor();
  private final Map<TargetName, Outcome> failed = new ConcurrentHashMap<>();
  private int hosts;
  private boolean interrupted;

  DoctorVisit(RunOptions run, Inputs.Read read, Context context) throws Refused {
    this.context = context;
    this.inventory = read.inventory();
    context.display().onlyCounts();
    var playbook =
        DoctorPlays.around(
            read.playbook(), inventory, doctor.examinations(), Catalog.certificates());
    var asked = run.request(run.choice(), inventory, playbook, context).quietly().comparingAll();
    this.request = asked.telling(asked.conversation().alsoTelling(this::on));
  }

  private void on(RunEvent event) {
    if (event instanceof RunEvent.TargetFailed(var target, var outcome)) {
      failed.put(target, outcome);
    }
  }

  /** How many were to be looked at. */
  int hosts() {
    return hosts;
  }

  boolean interrupted() {
    return interrupted;
  }

  List<Examined> examined() throws Refused {
    context.display().remark("looking at each host");
    var result = context.program().plan(request);
    interrupted = result.report().interrupted();
    hosts =
        (int)
            result.report().targets().keySet().stream()
                .filter(target -> target.host().isPresent())
                .count();
    var seen = byHost(result);
    var all = new ArrayList<Examined>();
    var told = new LinkedHashSet<String>();
    for (var examination : doctor.examinations()) {
      told.add(examination.title());
      seen.forEach((host, own) -> {
        if (own.values().get(examination.output()) instanceof Diagnoses(var found)) {
          all.add(new Examined(host.value(), examination.title(), found));
        }
      });
    }
    new TreeMap<>(failed).forEach((target, outcome) -> all.add(PlanFindings.gone(target, outcome)));
    all.addAll(doctor.compared(inventory, seen, context.now()));
    all.addAll(PlanFindings.of(result, told));
    all.addAll(certificates(seen));
    all.addAll(PlanFindings.notes(result));
    if (!interrupted) {
      all.addAll(tried(result, seen));
    }
    return List.copyOf(all);
  }

  private List<Examined> certificates(Map<HostName, Observed> seen) {
    var view = Catalog.certificates();
    return view
        .ending(inventory, new StatusView.Seen(seen, Optional.empty(), false, Map.of()), ENDS_SOON)
        .stream()
        .map(it -> PlanFindings.ending(it, inventory.file()))
        .toList();
  }

  private List<Examined> tried(RunResult first, Map<HostName, Observed> seen) throws Refused {
    var own = new TreeMap<>(seen);
    own.keySet().removeIf(host -> !request.options().includes(TargetName.of(host)));
    var trials =
        doctor.trials(inventory, own, PlanFindings.changed(first, "firewall"), request.id());
    var all = new ArrayList<Examined>();
    try (var measuring = context.program().measuring(request)) {
      for (var trial : trials) {
        if (!trial.hosts().isEmpty()) {
          context
              .display()
              .remark(
                  "measuring %s (hosts: %d; %d s at most)"
                      .formatted(trial.what(), trial.hosts().size(), trial.most().toSeconds()));
          all.addAll(trial.examined(measuring));
        }
      }
    } catch (InterruptedException _) {
      interrupted = true;
    }
    return all;
  }

  private static SortedMap<HostName, Observed> byHost(RunResult result) {
    var seen = new TreeMap<HostName, Observed>();
    result.seen().forEach((target, own) -> target.host().ifPresent(host -> seen.put(host, own)));
    return seen;
  }
}
