package io.provision.console;

import io.provision.console.text.Ink;
import io.provision.console.text.OutcomeWords;
import io.provision.console.text.Span;
import io.provision.console.text.View;
import io.provision.console.text.Visible;
import io.provision.engine.event.Outcome;
import io.provision.engine.event.RunEvent;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;

/** One line for each thing that happens, for pipes, logs and CI; folded on a terminal. */
final class PlainView implements View {
  private final PrintWriter out;
  private final Page page;
  private final Ink ink;
  private final boolean verbose;
  private final Heartbeat heartbeat = new Heartbeat();

  PlainView(PrintWriter out, Page page, Ink ink, boolean verbose) {
    this.out = out;
    this.page = page;
    this.ink = ink;
    this.verbose = verbose;
  }

  @Override
  public void on(RunEvent event, Instant at) {
    heartbeat.on(event, at);
    switch (event) {
      case RunEvent.Started(_, var verb, var targets, var steps, _, _) ->
          say(
              "%s: %s, %s"
                  .formatted(
                      verb.name().toLowerCase(java.util.Locale.ROOT),
                      Span.count(targets.size(), "target"),
                      Span.count(steps, "step")));
      case RunEvent.Connected(var target, _) -> detail(target + ": connected");
      case RunEvent.Looked(var target, var took, var questions) ->
          detail("%s: looked, %d questions in %s".formatted(target, questions, Span.of(took)));
      case RunEvent.Locked(var hosts) -> detail("locked " + Span.count(hosts.size(), "host"));
      case RunEvent.StepStarted(var target, var step, var doing) ->
          say("%s: %s: %s".formatted(target, Visible.line(step.name()), Visible.prose(doing)));
      case RunEvent.Waiting waiting -> {
        var step = waiting.step().map(it -> Visible.line(it.name()) + ": ").orElse("");
        say(
            "%s: %s%s"
                .formatted(waiting.target(), step, Visible.prose(OutcomeWords.waiting(waiting))));
      }
      case RunEvent.Progress(var target, var step, var text) ->
          detail("%s: %s: %s".formatted(target, Visible.line(step.name()), Visible.prose(text)));
      case RunEvent.StepFinished(var target, var step, var outcome, var took) ->
          verdict("%s: %s".formatted(target, Visible.line(step.name())), outcome, Span.of(took));
      case RunEvent.TargetFailed(var target, var outcome) ->
          verdict(target.toString(), outcome, "");
      case RunEvent.Note(var target, var text) ->
          say("%s: note: %s".formatted(target, Visible.prose(text)));
      case RunEvent.TargetFinished _,
          RunEvent.Learnt _,
          RunEvent.Parted _,
          RunEvent.Finished _ -> {}
    }
  }

  private void verdict(String where, Outcome outcome, String took) {
    var word = ink.paint(OutcomeWords.paint(outcome), OutcomeWords.of(outcome));
    switch (outcome) {
      case Outcome.Changed _ -> say("%s: %s (%s)".formatted(where, word, took));
      case Outcome.Failed(var failure) -> say(where, word, failure.what());
      case Outcome.Unreachable(var failure) -> say(where, word, failure.what());
      case Outcome.Lost(var failure) -> say(where, word, failure.what());
      case Outcome.Ok _,
          Outcome.WouldChange _,
          Outcome.Pending _,
          Outcome.Leaving _,
          Outcome.Skipped _ ->
          detail("%s: %s".formatted(where, word));
    }
  }

  private void say(String where, String word, String what) {
    say("%s: %s: %s".formatted(where, word, Visible.prose(what)));
  }

  private void detail(String line) {
    if (verbose) {
      say(line);
    }
  }

  private void say(String line) {
    page.folded(List.of(line)).forEach(out::println);
  }

  @Override
  public void pause(Instant now) {
    heartbeat.due(now).forEach(this::say);
    out.flush();
  }
}
