package io.provision.console;

import io.provision.console.text.DiagnosisText;
import io.provision.console.text.Table;
import io.provision.console.text.View;
import io.provision.engine.event.Report;
import io.provision.engine.event.RunListener;
import io.provision.step.doctor.Examined;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Speaks to a program: JSON Lines on standard output, a summary as the last of them. */
final class JsonDisplay implements Display {
  private final JsonLines lines;
  private final Clock clock;
  private final InHand inHand = new InHand();
  private final Optional<JunitView> junit;
  private volatile @Nullable EventQueue queue;

  JsonDisplay(Streams streams, Clock clock, Optional<Path> junit) {
    this.lines = new JsonLines(streams.out());
    this.clock = clock;
    this.junit = junit.map(JunitView::new);
  }

  @Override
  public RunListener listener() {
    return event -> {
      inHand.on(event);
      carrier().on(event);
    };
  }

  private synchronized EventQueue carrier() {
    var carrier = queue;
    if (carrier == null) {
      var views = new ArrayList<View>(List.of(new JsonView(lines)));
      junit.ifPresent(views::add);
      carrier = new EventQueue(views, clock);
      queue = carrier;
    }
    return carrier;
  }

  /** A program cannot be asked. */
  @Override
  public Operator operator() {
    return Operator.absent();
  }

  @Override
  public void say(String line) {
    inOrder(
        () -> lines.write("message", clock.instant(), json -> json.writeStringField("text", line)));
  }

  @Override
  public void raw(String text) {
    say(text);
  }

  @Override
  public void table(String title, Table table) {
    for (var row : table.rows()) {
      inOrder(() ->
          lines.write(
              "row",
              clock.instant(),
              json -> {
                json.writeStringField("table", title);
                for (var i = 0; i < table.header().size(); i++) {
                  json.writeStringField(table.header().get(i), row.get(i));
                }
              }));
    }
  }

  @Override
  public void examined(List<Examined> all) {
    junit.ifPresent(view -> view.examined(all));
    for (var found : DiagnosisText.found(all)) {
      inOrder(() ->
          lines.write(
              "diagnosis",
              clock.instant(),
              json -> {
                json.writeStringField("target", found.of());
                json.writeStringField("examination", found.examination());
                json.writeStringField("severity", DiagnosisText.key(found.diagnosis().severity()));
                json.writeStringField("evidence", found.diagnosis().evidence());
                json.writeStringField("remedy", found.diagnosis().remedy());
              }));
    }
  }

  @Override
  public void problems(List<Problem> problems) {
    problems.forEach(problem -> inOrder(() -> lines.problem(problem, clock.instant())));
  }

  @Override
  public void remark(String line) {
    say(line);
  }

  private void inOrder(Runnable work) {
    var carrier = queue;
    if (carrier == null) {
      work.run();
      return;
    }
    carrier.call(() -> {
      work.run();
      return true;
    });
  }

  /** A program leaves out by itself what it does not want. */
  @Override
  public void onlyCounts() {}

  @Override
  public int end(Optional<Report> report, int exit, int lost) {
    var carrier = queue;
    if (carrier != null) {
      carrier.close();
      queue = null;
    }
    var unwritten = junit.flatMap(file -> file.write(report, exit));
    unwritten.ifPresent(problem -> problems(List.of(problem)));
    var broke = carrier == null ? Optional.<Throwable>empty() : carrier.broke();
    if (broke.isPresent()) {
      throw new IllegalStateException("a view failed", broke.get());
    }
    var code = unwritten.isPresent() ? lost : exit;
    lines.summary(report, code, List.of(), clock.instant());
    return code;
  }

  @Override
  public void abandon(int exit) {
    var carrier = queue;
    if (carrier != null) {
      carrier.abandon();
    }
    lines.summary(Optional.empty(), exit, inHand.list(), clock.instant());
  }
}
