package io.provision.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.engine.event.Outcome;
import io.provision.engine.event.RunVerb;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DisplayTest {
  /** A pipe whose reader has left. */
  private static final OutputStream CLOSED =
      new OutputStream() {
        @Override
        public void write(int unused) throws IOException {
          throw new IOException("Broken pipe");
        }
      };

  private static Tale small() {
    var hosts = Tale.hosts(2);
    return new Tale(RunVerb.APPLY, hosts)
        .finished(hosts.get(0), Tale.step("sysctl", 0), new Outcome.Changed(List.of()))
        .finished(hosts.get(1), Tale.step("sysctl", 0), new Outcome.Ok());
  }

  private static void tell(Display display, Tale tale) {
    var listener = display.listener();
    tale.events().forEach(listener::on);
    display.end(Optional.of(tale.report()), 0, 74);
  }

  @Test
  void aReaderWhoLeavesEarlyDoesNotEndTheRun() {
    for (var format : Settings.Format.values()) {
      var settings = new Settings(format, true, Optional.empty());
      tell(
          Displays.of(settings, Streams.of(CLOSED, CLOSED, false), Map.of(), Clock.systemUTC()),
          small());
    }
  }

  @Test
  void inAPipeThereAreLinesAndNoEscapes() {
    var out = new ByteArrayOutputStream();
    tell(
        Displays.of(
            Settings.PLAIN,
            Streams.of(out, CLOSED, false),
            Map.of("TERM", "xterm"),
            Clock.systemUTC()),
        small());

    assertThat(out.toString(StandardCharsets.UTF_8))
        .startsWith("apply: 2 targets, 3 steps\nw1: sysctl: changed (1.5s)\n")
        .endsWith("Done: 2 hosts: 1 ok, 1 changed in 1m 05s.\n")
        .doesNotContain("\033");
  }

  @Test
  void junitHasASuiteForEachTargetAndIsWrittenAlsoWhereNothingWasStarted(@TempDir Path directory)
      throws Exception {
    var file = directory.resolve("out.xml");
    var settings = new Settings(Settings.Format.HUMAN, false, Optional.of(file));
    var quiet = Streams.of(OutputStream.nullOutputStream(), OutputStream.nullOutputStream(), false);

    tell(Displays.of(settings, quiet, Map.of(), Clock.systemUTC()), small());
    assertThat(Files.readString(file)).contains("<testsuite name=\"w1\"", "<testsuite name=\"w2\"");

    Displays.of(settings, quiet, Map.of(), Clock.systemUTC()).end(Optional.empty(), 2, 74);
    assertThat(Files.readString(file)).contains("no run was started (exit code 2)");
  }
}
