package io.provision.cli.rotation.report;

import io.provision.cli.run.Context;
import io.provision.cli.run.ExitCode;
import io.provision.cli.run.Refused;
import io.provision.console.Problem;
import io.provision.engine.event.RunEvent;
import io.provision.engine.event.RunListener;
import io.provision.model.Cluster;
import io.provision.model.Inventory;
import io.provision.model.rotation.Fact;
import io.provision.model.rotation.Reporting;
import io.provision.model.rotation.Rotation;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What is told of a rotation once it has ended, however it did. */
public final class RotationReport {
  private final Context context;
  private final Inventory inventory;
  private final Reporting reporting;
  private final RotationStory story;
  private final Notices notices;
  private boolean unwritable;
  private final AtomicBoolean begun = new AtomicBoolean();

  public RotationReport(Context context, Inventory inventory) {
    this.context = context;
    this.inventory = inventory;
    this.reporting = Rotation.of(inventory).reporting();
    this.story = new RotationStory(inventory, context::now);
    this.notices = new Notices(context, inventory.file().toString(), reporting.notifications());
  }

  /** A rotation, as far as it is reported. */
  @FunctionalInterface
  public interface Rotating<E> {
    E rotate(RunListener listener) throws Refused;
  }

  /**
   * Before anything is begun: nobody would see later what could not be told.
   *
   * @throws Refused where it is known that it could not
   */
  public void require() throws Refused {
    var problems = new ArrayList<Problem>();
    metrics()
        .flatMap(MetricsFile::obstacle)
        .ifPresent(what -> {
          unwritable = true;
          problems.add(error(what));
        });
    problems.addAll(notices.obstacles());
    if (!problems.isEmpty()) {
      throw new Refused(problems);
    }
  }

  private Optional<MetricsFile> metrics() {
    return reporting.metrics().map(MetricsFile::new);
  }

  private Problem error(String what) {
    return Problem.error(inventory.file().toString(), what);
  }

  /**
   * Has it run, and reports it.
   *
   * @param code how it ended
   */
  public <E> E of(Rotating<E> rotating, Function<E, ExitCode> code) throws Refused {
    var began = context.now();
    try {
      require();
      var ending = rotating.rotate(event -> on(event, began));
      tell(began, code.apply(ending), "");
      return ending;
    } catch (Refused refused) {
      tell(began, refused.code(), words(refused.problems()));
      throw refused;
    } catch (RuntimeException | Error bug) {
      tell(began, ExitCode.BUG, ExitCode.BUG.meaning());
      throw bug;
    }
  }

  private void on(RunEvent event, Instant began) {
    story.on(event);
    if (event instanceof RunEvent.Learnt(_, var fact)
        && (fact instanceof Fact.OutOfUse || fact instanceof Fact.Rebooting)
        && begun.compareAndSet(false, true)) {
      notices.begin(end(began, ExitCode.DONE, ""));
    }
  }

  private RunEnd end(Instant began, ExitCode code, String said) {
    var cluster = inventory.cluster().map(Cluster::name).orElse("");
    return new RunEnd(cluster, story.run(), began, context.now(), code, said, story.hosts());
  }

  private static String words(List<Problem> problems) {
    return problems.stream().map(Problem::what).collect(Collectors.joining("; "));
  }

  /** Whatever of it fails is said, and is no reason for how the rotation ended. */
  private void tell(Instant began, ExitCode code, String said) {
    var end = end(began, code, said);
    if (!end.hosts().isEmpty()) {
      context.display().table("hosts", HostLines.table(end.hosts()));
    }
    metrics().filter(_ -> !unwritable).ifPresent(it -> write(it, end));
    notices.end(end);
  }

  private void write(MetricsFile metrics, RunEnd end) {
    try {
      metrics.write(end);
    } catch (IOException e) {
      var why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      context
          .display()
          .problems(
              List.of(
                  Problem.warning(
                      metrics.file().toString(),
                      "the metrics were not written (%s %s). they tell of an earlier rotation"
                          .formatted(e.getClass().getSimpleName(), why))));
    }
  }
}
