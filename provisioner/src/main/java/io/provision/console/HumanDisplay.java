package io.provision.console;

import io.provision.console.text.ChangeText;
import io.provision.console.text.DiagnosisText;
import io.provision.console.text.Ink;
import io.provision.console.text.PlanText;
import io.provision.console.text.Story;
import io.provision.console.text.SummaryText;
import io.provision.console.text.Table;
import io.provision.console.text.View;
import io.provision.console.text.Visible;
import io.provision.engine.event.Report;
import io.provision.engine.event.RunListener;
import io.provision.engine.event.RunVerb;
import io.provision.model.Secret;
import io.provision.step.doctor.Examined;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Speaks to a person, on a terminal or line by line. */
final class HumanDisplay implements Display {
  private final Streams streams;
  private final Manner manner;
  private final Page page;
  private final Settings settings;
  private final Clock clock;
  private final Ink ink;
  private final Story story = new Story();
  private final InHand inHand = new InHand();
  private final Optional<JunitView> junit;
  private @Nullable JlineScreen screen;
  private @Nullable LiveView live;
  private boolean onlyCounts;
  private volatile @Nullable EventQueue queue;

  HumanDisplay(Streams streams, Manner manner, Settings settings, Clock clock) {
    this.streams = streams;
    this.manner = manner;
    this.page = new Page(manner.columns(), () -> screen().get().columns());
    this.settings = settings;
    this.clock = clock;
    this.ink = new Ink(manner.color());
    this.junit = settings.junit().map(JunitView::new);
  }

  /** The views begin with the first event: input that is refused opens no terminal. */
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
      var views = new ArrayList<View>(List.of(story));
      junit.ifPresent(views::add);
      views.add(view());
      carrier = new EventQueue(views, clock);
      queue = carrier;
    }
    return carrier;
  }

  private View view() {
    if (!manner.live()) {
      return new PlainView(streams.out(), page, ink, settings.verbose());
    }
    live = new LiveView(streams.out(), ink, screen());
    return live;
  }

  private synchronized JlineScreen screen() {
    var opened = screen;
    if (opened == null) {
      opened = new JlineScreen();
      screen = opened;
    }
    return opened;
  }

  @Override
  public Operator operator() {
    var asked = TerminalOperator.standard();
    return new Operator() {
      @Override
      public boolean present() {
        return asked.present();
      }

      @Override
      public boolean agrees(List<String> shown, String question) {
        return aside(() -> asked.agrees(page.folded(shown), question));
      }

      @Override
      public Optional<String> answer(List<String> shown, String question) {
        return aside(() -> asked.answer(page.folded(shown), question));
      }

      @Override
      public Optional<Secret> password(String prompt) {
        return aside(() -> asked.password(prompt));
      }
    };
  }

  /** Does this while no view draws. */
  private <T> T aside(java.util.function.Supplier<T> work) {
    var carrier = queue;
    if (carrier == null) {
      streams.flush();
      return work.get();
    }
    return carrier.call(() -> {
      if (live != null) {
        live.clear();
      }
      streams.flush();
      return work.get();
    });
  }

  @Override
  public void say(String line) {
    print(List.of(Visible.prose(line)));
  }

  @Override
  public void raw(String text) {
    streams.out().print(text);
    streams.flush();
  }

  @Override
  public void table(String title, Table table) {
    var lines = new ArrayList<String>();
    if (!title.isEmpty()) {
      lines.add(ink.bold(Visible.line(title)));
    }
    lines.addAll(page.table(table, ink));
    print(lines);
  }

  @Override
  public void examined(List<Examined> all) {
    junit.ifPresent(view -> view.examined(all));
    print(DiagnosisText.lines(all, ink));
  }

  @Override
  public void problems(List<Problem> problems) {
    for (var problem : problems) {
      var level =
          switch (problem.level()) {
            case ERROR -> ink.paint(Ink.Paint.RED, "error: ");
            case WARNING -> ink.paint(Ink.Paint.YELLOW, "warning: ");
          };
      var where = problem.where().isEmpty() ? "" : Visible.line(problem.where()) + ": ";
      var lines = Visible.proseLines(problem.what());
      var shown = new ArrayList<>(List.of(where + level + lines.getFirst()));
      lines.stream().skip(1).forEach(line -> shown.add("  " + line));
      page.folded(shown).forEach(streams.err()::println);
    }
    streams.flush();
  }

  @Override
  public void remark(String line) {
    aside(() -> {
      page.folded(List.of(Visible.prose(line))).forEach(streams.err()::println);
      streams.flush();
      return true;
    });
  }

  private void print(List<String> lines) {
    aside(() -> {
      page.folded(lines).forEach(streams.out()::println);
      streams.flush();
      return true;
    });
  }

  @Override
  public void onlyCounts() {
    onlyCounts = true;
  }

  @Override
  public int end(Optional<Report> report, int exit, int lost) {
    var carrier = queue;
    if (carrier != null) {
      carrier.close();
    }
    queue = null;
    report.ifPresent(this::summary);
    var unwritten = junit.flatMap(file -> file.write(report, exit));
    unwritten.ifPresent(problem -> problems(List.of(problem)));
    streams.flush();
    if (screen != null) {
      screen.close();
    }
    if (carrier != null && carrier.broke().isPresent()) {
      throw new IllegalStateException("a view failed", carrier.broke().get());
    }
    return unwritten.isPresent() ? lost : exit;
  }

  private void summary(Report report) {
    var lines = new ArrayList<String>();
    if (settings.verbose() || report.verb() == RunVerb.PLAN && !onlyCounts) {
      lines.addAll(new PlanText(ink, ChangeText.of(ink, settings.verbose())).lines(story));
      if (!lines.isEmpty()) {
        lines.add("");
      }
    }
    lines.addAll(
        new SummaryText(ink, settings.verbose(), table -> page.table(table, ink))
            .lines(story, report));
    page.folded(lines).forEach(streams.out()::println);
  }

  @Override
  public void abandon(int exit) {
    var carrier = queue;
    if (carrier != null) {
      carrier.abandon();
    }
    if (carrier == null) {
      streams.err().println("Interrupted.");
      streams.flush();
      return;
    }
    var unknown = inHand.list();
    streams.out().println();
    streams.flush();
    streams
        .err()
        .println(
            unknown.isEmpty()
                ? "Stopped; no step was in progress."
                : "Stopped in the middle. Outcome unknown: " + String.join(", ", unknown));
    streams
        .err()
        .println("Run the same command again: what was done is found, the rest is finished.");
    streams.flush();
  }
}
