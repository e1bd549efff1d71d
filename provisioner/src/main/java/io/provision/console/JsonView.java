package io.provision.console;

import com.fasterxml.jackson.core.JsonGenerator;
import io.provision.console.text.Diff;
import io.provision.console.text.OutcomeWords;
import io.provision.console.text.View;
import io.provision.engine.event.Failure;
import io.provision.engine.event.Outcome;
import io.provision.engine.event.RunEvent;
import io.provision.engine.event.StepRef;
import io.provision.engine.event.TargetName;
import io.provision.model.rotation.Fact;
import io.provision.step.Change;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One JSON object a line, as the README's table and {@code schema/events.json} describe them. Only
 * ASCII is written, everything else as {@code \}{@code u} escapes, so that it is harmless on a
 * terminal too.
 */
final class JsonView implements View {
  private final JsonLines lines;

  JsonView(JsonLines lines) {
    this.lines = lines;
  }

  @Override
  public void on(RunEvent event, Instant at) {
    lines.write(name(event), at, json -> fields(json, event));
  }

  @Override
  public void pause(Instant now) {
    lines.flush();
  }

  private static String name(RunEvent event) {
    return switch (event) {
      case RunEvent.Started _ -> "started";
      case RunEvent.Connected _ -> "connected";
      case RunEvent.Looked _ -> "looked";
      case RunEvent.Locked _ -> "locked";
      case RunEvent.StepStarted _ -> "step_started";
      case RunEvent.Waiting _ -> "waiting";
      case RunEvent.Progress _ -> "progress";
      case RunEvent.StepFinished _ -> "step_finished";
      case RunEvent.TargetFailed _ -> "target_failed";
      case RunEvent.TargetFinished _ -> "target_finished";
      case RunEvent.Note _ -> "note";
      case RunEvent.Learnt _ -> "learnt";
      case RunEvent.Parted _ -> "parted";
      case RunEvent.Finished _ -> "finished";
    };
  }

  private static void fields(JsonGenerator json, RunEvent event) throws IOException {
    switch (event) {
      case RunEvent.Started(var run, var verb, var targets, var steps, _, _) -> {
        json.writeStringField("run", run);
        json.writeStringField("verb", verb.name().toLowerCase(Locale.ROOT));
        json.writeArrayFieldStart("targets");
        for (var target : targets) {
          json.writeString(target.toString());
        }
        json.writeEndArray();
        json.writeNumberField("steps", steps);
      }
      case RunEvent.Connected(var target, _) -> where(json, target, null);
      case RunEvent.Looked(var target, var took, var questions) -> {
        where(json, target, null);
        took(json, took);
        json.writeNumberField("questions", questions);
      }
      case RunEvent.Locked(var hosts) -> json.writeNumberField("hosts", hosts.size());
      case RunEvent.StepStarted(var target, var step, var doing) -> {
        where(json, target, step);
        json.writeStringField("doing", doing);
      }
      case RunEvent.Waiting(var target, var step, var what, var holder, var since, var until) -> {
        where(json, target, step.orElse(null));
        json.writeStringField("what", what);
        if (!holder.isEmpty()) {
          json.writeStringField("holder", holder);
        }
        json.writeStringField("since", since.toString());
        if (until.isPresent()) {
          json.writeStringField("until", until.get().toString());
        }
      }
      case RunEvent.Progress(var target, var step, var text) -> {
        where(json, target, step);
        json.writeStringField("text", text);
      }
      case RunEvent.StepFinished(var target, var step, var outcome, var took) -> {
        where(json, target, step);
        took(json, took);
        outcome(json, outcome);
      }
      case RunEvent.TargetFailed(var target, var outcome) -> {
        where(json, target, null);
        outcome(json, outcome);
      }
      case RunEvent.TargetFinished(var target, var tally) -> {
        where(json, target, null);
        JsonLines.tally(json, tally);
      }
      case RunEvent.Note(var target, var text) -> {
        where(json, target, null);
        json.writeStringField("text", text);
      }
      case RunEvent.Learnt(var target, var fact) -> {
        where(json, target, null);
        fact(json, fact);
      }
      case RunEvent.Parted(var target, var costs, var requests) -> {
        where(json, target, null);
        json.writeNumberField("connect_ms", costs.connect().toMillis());
        json.writeNumberField("key_exchange_ms", costs.keyExchange().toMillis());
        json.writeNumberField("authentication_ms", costs.authentication().toMillis());
        json.writeNumberField("bytes_sent", costs.bytesSent());
        json.writeNumberField("bytes_received", costs.bytesReceived());
        json.writeNumberField("requests", requests);
      }
      case RunEvent.Finished(var report) -> took(json, report.took());
    }
  }

  private static void fact(JsonGenerator json, Fact fact) throws IOException {
    switch (fact) {
      case Fact.Wanted(var reasons) -> {
        json.writeArrayFieldStart("reboot_wanted");
        for (var reason : reasons) {
          json.writeString(reason);
        }
        json.writeEndArray();
      }
      case Fact.Kernel(var release) -> json.writeStringField("kernel", release);
      case Fact.RunsThis() -> json.writeBooleanField("runs_this_command", true);
      case Fact.OutOfUse() -> json.writeBooleanField("in_use", false);
      case Fact.InUse() -> json.writeBooleanField("in_use", true);
      case Fact.Rebooting() -> json.writeBooleanField("rebooting", true);
      case Fact.Rebooted() -> json.writeBooleanField("rebooting", false);
      case Fact.Pods(var running) -> json.writeNumberField("pods", running);
      case Fact.Unhealed(var entries) -> json.writeNumberField("unhealed", entries);
    }
  }

  private static void where(JsonGenerator json, TargetName target, @Nullable StepRef step)
      throws IOException {
    json.writeStringField("target", target.toString());
    if (step != null) {
      json.writeStringField("step", step.name());
      json.writeNumberField("index", step.index());
      json.writeStringField("position", step.position().toString());
    }
  }

  private static void took(JsonGenerator json, Duration took) throws IOException {
    json.writeNumberField("took_ms", took.toMillis());
  }

  private static void outcome(JsonGenerator json, Outcome outcome) throws IOException {
    json.writeStringField("result", OutcomeWords.key(outcome));
    switch (outcome) {
      case Outcome.Ok _ -> {}
      case Outcome.Changed(var changes) -> changes(json, changes);
      case Outcome.WouldChange(var changes) -> changes(json, changes);
      case Outcome.Pending(var awaiting, var mayDo) -> {
        json.writeStringField("awaiting", awaiting);
        mayDo(json, mayDo);
      }
      case Outcome.Leaving(var left) -> left(json, left);
      case Outcome.Skipped(var reason) -> json.writeStringField("reason", reason);
      case Outcome.Failed(var failure) -> failure(json, failure);
      case Outcome.Unreachable(var failure) -> failure(json, failure);
      case Outcome.Lost(var failure) -> failure(json, failure);
    }
  }

  private static void left(JsonGenerator json, List<Outcome.Left> left) throws IOException {
    json.writeArrayFieldStart("left");
    for (var one : left) {
      json.writeStartObject();
      json.writeArrayFieldStart("names");
      for (var name : one.names()) {
        json.writeString(name);
      }
      json.writeEndArray();
      changes(json, one.changes());
      if (!one.begun().isEmpty()) {
        json.writeStringField("begun", one.begun());
      }
      if (!one.lost().isEmpty()) {
        json.writeStringField("lost", one.lost());
      }
      if (!one.obstacle().isEmpty()) {
        json.writeStringField("obstacle", one.obstacle());
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void mayDo(JsonGenerator json, Set<Change.Action> mayDo) throws IOException {
    json.writeArrayFieldStart("may_do");
    for (var action : mayDo.stream().sorted().toList()) {
      json.writeString(OutcomeWords.key(action));
    }
    json.writeEndArray();
  }

  private static void changes(JsonGenerator json, List<Change> changes) throws IOException {
    json.writeArrayFieldStart("changes");
    for (var change : changes) {
      json.writeStartObject();
      json.writeStringField("action", OutcomeWords.key(change.action()));
      json.writeStringField("subject", change.subject());
      switch (change.detail()) {
        case Change.Detail.Plain() -> {}
        case Change.Detail.Value(var from, var to) -> {
          json.writeStringField("from", from);
          json.writeStringField("to", to);
        }
        case Change.Detail.Text(var from, var to) ->
            json.writeStringField("diff", String.join("\n", Diff.hunks(from, to)));
        case Change.Detail.Hidden(var why) -> json.writeStringField("hidden", why);
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void failure(JsonGenerator json, Failure failure) throws IOException {
    json.writeStringField("what", failure.what());
    json.writeStringField("remedy", failure.remedy());
    if (!failure.command().isEmpty()) {
      json.writeStringField("command", failure.command());
    }
    if (failure.exit() >= 0) {
      json.writeNumberField("status", failure.exit());
    }
    json.writeArrayFieldStart("lines");
    for (var line : failure.lines()) {
      json.writeString(line);
    }
    json.writeEndArray();
  }
}
