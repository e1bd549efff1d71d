package io.provision.cli.rotation.report;

import io.provision.engine.event.Outcome;
import io.provision.engine.event.Report;
import io.provision.engine.event.RunEvent;
import io.provision.engine.event.RunListener;
import io.provision.engine.event.TargetName;
import io.provision.model.Host;
import io.provision.model.Inventory;
import io.provision.model.Role;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Gathers from the events of a rotation what became of each host. */
public final class RotationStory implements RunListener {
  private final Inventory inventory;
  private final InstantSource clock;
  private final Map<TargetName, HostCourse> courses = new LinkedHashMap<>();
  private Optional<String> run = Optional.empty();
  private Optional<String> stopped = Optional.empty();

  public RotationStory(Inventory inventory, InstantSource clock) {
    this.inventory = inventory;
    this.clock = clock;
  }

  @Override
  public synchronized void on(RunEvent event) {
    switch (event) {
      case RunEvent.Started started -> {
        run = Optional.of(started.run());
        inventory.hosts().stream()
            .filter(host -> started.targets().contains(TargetName.of(host.name())))
            .forEach(this::begin);
      }
      case RunEvent.Learnt(var target, var fact) -> {
        var course = courses.get(target);
        if (course != null) {
          course.learn(fact, clock.instant());
        }
      }
      case RunEvent.StepFinished(var target, _, var outcome, _) -> end(target, outcome);
      case RunEvent.TargetFailed(var target, var outcome) -> end(target, outcome);
      case RunEvent.Finished(var report) -> stopped = report.stopped().map(Report.Stop::what);
      case RunEvent.Connected _,
          RunEvent.Looked _,
          RunEvent.Waiting _,
          RunEvent.Locked _,
          RunEvent.StepStarted _,
          RunEvent.Progress _,
          RunEvent.TargetFinished _,
          RunEvent.Note _,
          RunEvent.Parted _ -> {}
    }
  }

  private void begin(Host host) {
    courses.put(
        TargetName.of(host.name()),
        new HostCourse(
            host.name().value(), inventory.nodes().contains(host), host.is(Role.STORAGE)));
  }

  private void end(TargetName target, Outcome outcome) {
    var course = courses.get(target);
    if (course != null) {
      course.end(outcome, clock.instant());
    }
  }

  /** The id of the run; empty before it began. */
  synchronized Optional<String> run() {
    return run;
  }

  /** Of each host that the run was for, in the order of the inventory. */
  public synchronized List<HostStory> hosts() {
    return courses.values().stream().map(course -> course.story(stopped)).toList();
  }
}
