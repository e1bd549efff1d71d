package io.provision.cli.rotation.report;

import io.provision.cli.run.Context;
import io.provision.cli.run.ExitCode;
import io.provision.cli.run.Refused;
import io.provision.console.Problem;
import io.provision.engine.event.RunListener;
import io.provision.model.Cluster;
import io.provision.model.Inventory;
import io.provision.model.rotation.Reporting;
import io.provision.model.rotation.Rotation;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What is told of a rotation once it has ended, however it did. */
public final class RotationReport {
  private final Context context;
  private final Inventory inventory;
  private final Reporting reporting;
  private final RotationStory story;

  public RotationReport(Context context, Inventory inventory) {
    this.context = context;
    this.inventory = inventory;
    this.reporting = Rotation.of(inventory).reporting();
    this.story = new RotationStory(inventory, context::now);
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
    metrics().flatMap(MetricsFile::obstacle).map(this::error).ifPresent(problems::add);
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
      var ending = rotating.rotate(story);
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

  private static String words(List<Problem> problems) {
    return problems.stream().map(Problem::what).collect(Collectors.joining("; "));
  }

  /** Whatever of it fails is said, and is no reason for how the rotation ended. */
  private void tell(Instant began, ExitCode code, String said) {
    var hosts = story.hosts();
    if (!hosts.isEmpty()) {
      context.display().table("hosts", HostLines.table(hosts));
    }
    var cluster = inventory.cluster().map(Cluster::name).orElse("");
    var end = new RunEnd(cluster, story.run(), began, context.now(), code, said, hosts);
    metrics().ifPresent(it -> write(it, end));
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
