package io.provision.resource;

import io.provision.remote.Call;
import io.provision.remote.FakeHost;
import io.provision.remote.Frame;
import io.provision.remote.FunctionsRun;
import io.provision.remote.Handoff;
import io.provision.remote.Payload;
import io.provision.remote.PayloadStream;
import io.provision.remote.Quote;
import io.provision.remote.Script;
import io.provision.remote.Session;
import io.provision.remote.ShellFunction;
import io.provision.step.Kind;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Repair;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Runs the real shell functions with this machine's /bin/sh, as the contract says: a look without
 * stdin and stderr, a repair with {@code set -u} and its payloads on stdin. Programs that a test
 * does not want to meet are put before the real ones by {@link #program}.
 */
public final class LocalHost {
  private final Path programs;
  private final StringBuilder said = new StringBuilder();
  private List<String> shell = List.of("/bin/sh");
  private Optional<Path> root = Optional.empty();
  private String before = "";
  private Function<Payload, byte[]> carried =
      payload -> {
        throw new IllegalStateException("not in these tests: " + payload);
      };

  public LocalHost(Path directory) {
    try {
      programs = Files.createDirectories(directory.resolve(".programs"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Puts a stand-in before the program of this name. */
  public LocalHost program(String name, String body) {
    try {
      var file = programs.resolve(name);
      Files.writeString(file, "#!/bin/sh\n" + body + "\n");
      if (!file.toFile().setExecutable(true)) {
        throw new IllegalStateException("cannot make " + file + " executable");
      }
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** From now on {@code sleep} takes no time, and starts no program. */
  public LocalHost withoutSleep() {
    before = "sleep() { :; }\n";
    return this;
  }

  /** From now on in this shell, for example {@code busybox sh}. */
  public LocalHost in(String... words) {
    shell = List.of(words);
    return this;
  }

  /**
   * From now on /etc, /dev, /proc and the like, in functions and as arguments, lie below this
   * directory: for what works on a whole host, and must not meet this one.
   */
  public LocalHost below(Path directory) {
    root = Optional.of(directory);
    return this;
  }

  /** From now on what comes from elsewhere, an artifact or what another host keeps, is this. */
  public LocalHost carrying(Function<Payload, byte[]> payloads) {
    carried = payloads;
    return this;
  }

  /** What was said and printed by repairs so far. */
  public String said() {
    return said.toString();
  }

  /** Answers all questions, batched by kind as the engine does. */
  public Observations look(Probes probes) {
    var kinds = new LinkedHashMap<Kind<?>, Set<Question<?>>>();
    for (var question : probes.questions()) {
      kinds.computeIfAbsent(question.kind(), _ -> new LinkedHashSet<>()).add(question);
    }
    var answers = new Observations.Builder();
    kinds.forEach((kind, questions) -> answer(kind, questions, answers));
    return answers.build();
  }

  @SuppressWarnings("unchecked") // the questions were grouped by their kind
  private <A> void answer(Kind<A> kind, Set<Question<?>> questions, Observations.Builder answers) {
    var asked = questions.stream().map(question -> (Question<A>) question).toList();
    if (!kind.batched()) {
      for (var question : asked) {
        var frame = run(new Call(kind.function(), question.arguments()));
        answers.put(question, kind.read(List.of(question), frame).getFirst());
      }
      return;
    }
    var arguments = asked.stream().flatMap(question -> question.arguments().stream()).toList();
    var read = kind.read(asked, run(new Call(kind.function(), arguments)));
    for (var i = 0; i < asked.size(); i++) {
      answers.put(asked.get(i), read.get(i));
    }
  }

  /** What one call of a look prints. */
  public Frame run(Call call) {
    var text = new StringBuilder("LC_ALL=C\nexport LC_ALL\n");
    text.append("PATH=").append(Quote.word(programs.toString())).append(":$PATH\n");
    define(text, call);
    text.append(" </dev/null 2>/dev/null");
    var ended = shell(text.toString(), List.of());
    return new Frame(ended.status(), ended.output().replaceFirst("\n\\z", ""));
  }

  /** Runs a repair; throws where one of its scripts fails. */
  public void repair(Repair repair) {
    for (var script : ((Repair.OnHost) repair).scripts()) {
      var ended = attempt(script);
      if (!ended.ok()) {
        throw new AssertionError(
            "%s returned %d: %s"
                .formatted(script.call().function().name(), ended.status(), ended.output()));
      }
    }
  }

  /** What a script hands over, which nothing here keeps or shows. */
  public byte[] handedOver(Call read) {
    var ended = run(new Script(read, List.of(), Script.USUAL_DEADLINE));
    if (!ended.ok()) {
      throw new AssertionError("%s handed nothing over".formatted(read.function().name()));
    }
    return ended.output().getBytes(StandardCharsets.UTF_8);
  }

  /** Runs one script; what it printed on stdout and stderr comes back as one text. */
  public Frame attempt(Script script) {
    var ended = run(script);
    said.append(ended.output());
    return ended;
  }

  /** Runs one script with what was loaded for it, which may be a part of something. */
  public Frame attempt(Session.Loaded loaded) {
    var payloads = loaded.streams().stream().map(LocalHost::read).toList();
    var variables = new StringBuilder();
    for (var i = 0; i < payloads.size(); i++) {
      variables.append(loaded.streams().get(i).variables(i + 1)).append('\n');
    }
    var ended = run(loaded.script().call(), variables.toString(), payloads);
    said.append(ended.output());
    return ended;
  }

  private static byte[] read(PayloadStream stream) {
    try (var in = stream.source().open()) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Frame run(Script script) {
    var payloads = script.payloads().stream().map(this::bytes).toList();
    var variables = new StringBuilder();
    for (var i = 0; i < payloads.size(); i++) {
      variables.append("payload_%d=%d\n".formatted(i + 1, payloads.get(i).length));
    }
    return run(script.call(), variables.toString(), payloads);
  }

  private Frame run(Call call, String variables, List<byte[]> payloads) {
    var text = new StringBuilder("LC_ALL=C\nexport LC_ALL\numask 077\nset -u\nmarker=m\n");
    text.append("PATH=").append(Quote.word(programs.toString())).append(":$PATH\n");
    text.append("say() { printf 'say %s\\n' \"$*\"; }\n");
    text.append("ran() { echo \"ran $*\"; return \"$1\"; }\ntry() { \"$@\" || ran $? \"$@\"; }\n");
    text.append(variables);
    define(text, call);
    text.append(" 2>&1");
    return shell(text.toString(), payloads);
  }

  private byte[] bytes(Payload payload) {
    return switch (payload) {
      case Payload.Bytes(var content) -> content.bytes();
      case Payload.LocalFile(var file, var size) -> {
        try {
          var read = java.nio.file.Files.readAllBytes(file);
          if (read.length != size) {
            throw new IllegalStateException("changed meanwhile: " + file);
          }
          yield read;
        } catch (java.io.IOException e) {
          throw new java.io.UncheckedIOException(e);
        }
      }
      case Payload.Upload(var stored, _, _) -> bytes(stored);
      case Payload.Artifact _, Handoff _ -> carried.apply(payload);
    };
  }

  private void define(StringBuilder text, Call call) {
    text.append(before);
    var functions = new LinkedHashMap<String, ShellFunction>();
    collect(call.function(), functions);
    functions
        .values()
        .forEach(it ->
            text.append(FunctionsRun.traced(it.name() + "() {\n" + led(it.body()) + "\n}\n")));
    text.append(call.function().name());
    call.arguments()
        .forEach(word -> text.append(' ').append(Quote.word(isPath(word) ? led(word) : word)));
  }

  private boolean isPath(String argument) {
    return argument.startsWith("/") && root.filter(it -> argument.startsWith(it + "/")).isEmpty();
  }

  private String led(String text) {
    return root.map(it -> FakeHost.inside(it, text)).orElse(text);
  }

  private static void collect(ShellFunction function, Map<String, ShellFunction> into) {
    function.uses().forEach(used -> collect(used, into));
    into.putIfAbsent(function.name(), function);
  }

  private Frame shell(String text, List<byte[]> stdin) {
    try {
      var command = new ArrayList<>(shell);
      command.addAll(List.of("-c", text));
      var process = new ProcessBuilder(command).redirectErrorStream(true).start();
      var writer = Thread.startVirtualThread(() -> feed(process, stdin));
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      writer.join();
      return new Frame(process.waitFor(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void feed(Process process, List<byte[]> stdin) {
    try (var out = process.getOutputStream()) {
      for (var bytes : new ArrayList<>(stdin)) {
        out.write(bytes);
      }
    } catch (IOException e) {
      // A script that fails early leaves its payload unread; its status tells.
      Thread.currentThread().interrupt();
    }
  }
}
