package io.provision.cli;

import io.provision.console.Streams;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/** One command line typed into the program, with what came of it. */
record Session(int exit, String out, String err) {

  static Session type(FakeProgram program, Path state, String... args) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var cli =
        new Cli(
            new Invocation(
                Streams.of(out, err, false),
                Map.of("XDG_STATE_HOME", state.toString()),
                Clock.fixed(Instant.parse("2026-01-02T12:00:00Z"), ZoneOffset.UTC),
                () -> program,
                "1.2.3",
                false));
    var exit = cli.run(FakeProgram.typed(state, args));
    return new Session(exit, said(out, state), said(err, state));
  }

  private static String said(ByteArrayOutputStream stream, Path state) {
    return stream.toString(StandardCharsets.UTF_8).replace(state + "/", "STATE/");
  }

  List<String> lines() {
    return out.lines().toList();
  }
}
