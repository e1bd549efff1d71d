package io.provision.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.provision.console.text.Ink;
import io.provision.engine.event.Failure;
import io.provision.engine.event.Outcome;
import io.provision.engine.event.Report;
import io.provision.engine.event.RunEvent;
import io.provision.engine.event.RunVerb;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LiveViewTest {

  @ParameterizedTest
  @CsvSource({"3,24,80", "300,24,80", "300,5,20", "300,2,10", "1000,100,300", "300,1,1"})
  void staysWithinTheScreenAndLeavesNothingBehind(int hosts, int rows, int columns) {
    var terminal = new FakeTerminal(rows, columns);
    var view =
        new LiveView(
            new PrintWriter(terminal, true), new Ink(true), () -> new Screen(rows, columns));
    var now = Tale.NOON;

    for (var event : busy(hosts).events()) {
      now = now.plus(Duration.ofMillis(120));
      view.on(event, now);
    }

    assertThat(terminal.scrolled()).isZero();
    assertThat(terminal.lines()).isEmpty();
  }

  @Test
  void showsCountsWhoWorksLongestAndWhatFailed() {
    var state = new LiveState();
    var hosts = Tale.hosts(300);
    var tale =
        new Tale(RunVerb.APPLY, hosts)
            .started(hosts.get(7), "packages", "installing containerd")
            .event(new RunEvent.Progress(hosts.get(7), Tale.step("packages", 1), "45%"))
            .finished(hosts.get(0), Tale.step("sysctl", 0), new Outcome.Changed(List.of()))
            .finished(hosts.get(1), Tale.step("sysctl", 0), new Outcome.Failed(Tale.APT_LOCKED))
            .event(new RunEvent.TargetFinished(hosts.get(0), Report.Tally.NONE));
    tale.events().forEach(event -> state.on(event, Tale.NOON));

    var frame = new LiveFrame(24, 100, Ink.NONE).lines(state, Tale.NOON.plusSeconds(75));

    assertThat(frame)
        .containsExactly(
            "apply [....................] 1/300 done  1 changed  1 failed  1m 15s",
            "  1m 15s  w8  1/3 packages  45%",
            "! w2: sysctl failed: 'apt-get install containerd' exited 100 (E: Unable to lock /var/lib/dpkg)");
  }

  @Test
  void thirtyHostsWithTheSameFailureAreOneLineThatFitsFortyColumns() {
    var state = new LiveState();
    var hosts = Tale.hosts(32);
    var tale = new Tale(RunVerb.APPLY, hosts);
    hosts
        .subList(0, 30)
        .forEach(host ->
            tale.finished(host, Tale.step("packages", 1), new Outcome.Failed(Tale.APT_LOCKED)));
    tale.started(hosts.get(31), "packages", "installing containerd");
    tale.events().forEach(event -> state.on(event, Tale.NOON));

    assertThat(new LiveFrame(24, 80, Ink.NONE).lines(state, Tale.NOON))
        .hasSize(3)
        .allMatch(line -> line.length() < 80)
        .last()
        .asString()
        .startsWith("! w1 and 29 more: packages failed: 'apt-get install");
    assertThat(new LiveFrame(24, 40, Ink.NONE).lines(state, Tale.NOON))
        .hasSize(3)
        .allMatch(line -> line.length() < 40)
        .first()
        .isEqualTo("apply 0/32 done  30 failed  0.0s");
  }

  @Test
  void aHostSaysAtWhichOfItsStepsItIsAndKeepsItsPlace() {
    var state = new LiveState();
    var hosts = Tale.hosts(3);
    var tale =
        new Tale(RunVerb.APPLY, hosts)
            .started(hosts.get(2), "sysctl", "setting")
            .started(hosts.get(0), "sysctl", "setting");
    tale.events().forEach(event -> state.on(event, Tale.NOON));
    assertThat(places(state)).containsExactly("w1 1/3", "w3 1/3");

    new Tale(RunVerb.APPLY, hosts)
            .finished(hosts.get(0), Tale.step("sysctl", 0), new Outcome.Changed(List.of()))
            .started(hosts.get(0), "packages", "installing")
            .started(hosts.get(1), "sysctl", "setting")
            .events()
            .stream()
            .skip(1)
            .forEach(event -> state.on(event, Tale.NOON.plusSeconds(9)));
    assertThat(places(state)).containsExactly("w1 2/3", "w2 1/3", "w3 1/3");
  }

  private static List<String> places(LiveState state) {
    return state.working(9).stream().map(it -> it.target() + " " + state.at(it.target())).toList();
  }

  @Test
  void wideCharactersCountTwice() {
    assertThat(new Cut(5, Ink.NONE).add("漢字漢字").toString()).isEqualTo("漢字");
  }

  @Test
  void drawsAtMostTenFramesASecond() {
    var terminal = new FakeTerminal(24, 80);
    var drawn = new int[1];
    var view =
        new LiveView(
            new PrintWriter(terminal, true),
            Ink.NONE,
            () -> {
              drawn[0]++;
              return Screen.USUAL;
            });
    busy(300).events().stream()
        .filter(event -> !(event instanceof RunEvent.Note) && !(event instanceof RunEvent.Finished))
        .forEach(event -> view.on(event, Tale.NOON));

    assertThat(drawn[0]).isLessThanOrEqualTo(2);
  }

  @Test
  void theFakeTerminalNoticesALineThatIsTooLong() {
    var out = new PrintWriter(new FakeTerminal(24, 10), true);
    assertThatThrownBy(() -> out.println("longer than ten")).isInstanceOf(AssertionError.class);
  }

  private static Tale busy(int count) {
    var hosts = Tale.hosts(count);
    var tale = new Tale(RunVerb.APPLY, hosts);
    hosts.forEach(host -> tale.started(host, "packages", "installing 漢字 and a lot of others"));
    hosts.forEach(host -> {
      tale.event(new RunEvent.Progress(host, Tale.step("packages", 1), "x".repeat(500)));
      if (host.toString().endsWith("7")) {
        tale.gaveUp(host, new Outcome.Lost(new Failure("gone", "look at it")));
      } else {
        tale.finished(host, Tale.step("packages", 1), new Outcome.Changed(List.of()));
      }
      tale.event(new RunEvent.TargetFinished(host, Report.Tally.NONE));
    });
    return tale;
  }
}
