package io.provision.resource.unit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.provision.model.Content;
import io.provision.model.Sha256;
import io.provision.remote.Frame;
import io.provision.remote.Script;
import io.provision.resource.FileState;
import io.provision.resource.Files;
import io.provision.resource.LocalHost;
import io.provision.resource.ManagedFile;
import io.provision.resource.Pieces;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Repair;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UnitTest {
  private static final Sha256 OLD =
      Sha256.of("old".getBytes(java.nio.charset.StandardCharsets.UTF_8));
  private static final ManagedFile CONFIG = ManagedFile.of("/etc/demo.conf", Content.of("new"));
  private static final String FILE = "/etc/systemd/system/demo.service";
  private static final Unit DEMO = Unit.running("demo").reading(CONFIG);

  @Test
  void isInSyncWhenItRunsAndWasStartedWithTheFilesThatShouldBe() {
    var state = running(Map.of("/etc/demo.conf", CONFIG.sha256()));
    assertThat(check(DEMO, state)).isInstanceOf(Check.InSync.class);
  }

  @Test
  void restartsWhenItWasStartedWithAnotherFileOrRecordedNone() {
    for (var started : List.of(Map.of("/etc/demo.conf", OLD), Map.<String, Sha256>of())) {
      assertThat(check(DEMO, running(started)))
          .isInstanceOfSatisfying(
              Check.Drift.class,
              drift ->
                  assertThat(drift.changes())
                      .singleElement()
                      .satisfies(it -> {
                        assertThat(it.action()).isEqualTo(Change.Action.RESTART);
                        assertThat(it.detail().toString()).contains("/etc/demo.conf");
                      }));
    }
  }

  @Test
  void restartsForCertainWhereAFileThatItReadsBecomesAnother() {
    var restart = Change.of(Change.Action.RESTART, "unit demo.service");
    assertThat(DEMO.whenChanged("/etc/demo.conf")).contains(restart);
    assertThat(DEMO.whenChanged("/etc/other.conf")).isEmpty();
    assertThat(Pieces.all(CONFIG, DEMO).whenChanged("/etc/demo.conf")).contains(restart);
    var stopped = Unit.stopped("demo").reading(CONFIG);
    assertThat(stopped.whenChanged("/etc/demo.conf")).as("it does not run").isEmpty();
  }

  @Test
  void restartsWhenItsOwnFilesAreNewerThanItsStart() {
    var dropIn = "/etc/systemd/system/demo.service.d/more.conf";
    var drift = (Check.Drift) check(Unit.running("demo"), state(List.of(dropIn), Map.of()));
    assertThat(drift.changes())
        .singleElement()
        .satisfies(it -> {
          assertThat(it.action()).isEqualTo(Change.Action.RESTART);
          assertThat(it.detail().toString()).contains(dropIn);
        });
  }

  @Test
  void believesTheDigestsAloneWhereItsUnitFileIsAmongThem() {
    var unit = Unit.running("demo").reading(ManagedFile.of(FILE, Content.of("new")));
    var started = Map.of(FILE, CONFIG.sha256());
    assertThat(check(unit, state(List.of(FILE, "/etc/other.conf"), started)))
        .isInstanceOf(Check.InSync.class);
  }

  @Test
  void asksSystemdToReadWhatItEnables(@TempDir Path directory) {
    for (var verb : List.of("enable", "disable", "mask")) {
      var host = new LocalHost(directory);
      host.program(
          "systemctl", "echo \"systemctl $*\"; case $1 in show) echo LoadState=loaded ;; esac");
      var ended = host.attempt(Script.of(UnitScripts.BRING, "demo.service", "-", verb));
      assertThat(ended.output()).contains("systemctl " + verb).doesNotContain("--no-reload");
    }
  }

  @Test
  void startsAndEnablesOneThatIsNotThereYet() {
    var drift = (Check.Drift) check(DEMO, UnitState.ABSENT);
    assertThat(drift.changes())
        .extracting(Change::action)
        .containsExactly(Change.Action.ENABLE, Change.Action.START);
  }

  @Test
  void oneThatItsPackageStartedMeanwhileIsStartedAnewWithWhatItReads(@TempDir Path directory) {
    var drift = (Check.Drift) check(DEMO, UnitState.ABSENT);
    var host = new LocalHost(directory);
    host.program(
        "systemctl",
        """
        echo "systemctl $*" >&2
        case $1 in
          show) echo LoadState=loaded ;;
          start) echo 'it runs already: nothing to do' >&2 ;;
          restart) echo 'started with the new file' >&2 ;;
        esac\
        """);
    for (var script : ((Repair.OnHost) drift.repair()).scripts()) {
      assertThat(host.attempt(script).status()).isZero();
    }
    assertThat(host.said()).contains("started with the new file");
  }

  @Test
  void oneThatReadsNothingAndRunsByThenIsLeftAlone(@TempDir Path directory) {
    var drift = (Check.Drift) check(Unit.running("demo"), UnitState.ABSENT);
    var host = new LocalHost(directory);
    host.program("systemctl", "echo \"$*\" >&2; [ \"$1\" != show ] || echo LoadState=loaded");
    for (var script : ((Repair.OnHost) drift.repair()).scripts()) {
      assertThat(host.attempt(script).status()).isZero();
    }
    assertThat(host.said()).contains("start -- demo.service").doesNotContain("restart");
  }

  @Test
  void oneThatIsMaskedIsShownAsThatBeforeItIsEnabledAndStarted() {
    var masked =
        new UnitState("masked", "inactive", "dead", "masked", "/dev/null", List.of(), Map.of());
    assertThat(((Check.Drift) check(Unit.running("demo"), masked)).changes())
        .containsExactly(
            Change.of(Change.Action.ENABLE, "unit demo.service", "masked", "enabled"),
            Change.of(Change.Action.START, "unit demo.service", "inactive", "running"));
  }

  @Test
  void waitsForOneThatIsStarting() {
    var state =
        new UnitState(
            "loaded",
            "activating",
            "start",
            "enabled",
            FILE,
            List.of(),
            Map.of("/etc/demo.conf", CONFIG.sha256()));
    assertThat(check(DEMO, state)).isInstanceOf(Check.NotYet.class);
  }

  @Test
  void stopsOneThatShouldNotRunAndIsContentWithOneThatIsNotThere() {
    assertThat(check(Unit.stopped("demo"), running(Map.of()))).isInstanceOf(Check.Drift.class);
    assertThat(check(Unit.stopped("demo"), UnitState.ABSENT)).isInstanceOf(Check.InSync.class);
  }

  @Test
  void readsOneAnswerForManyUnitsInTheirOrder() {
    var demo = Units.of("demo.service");
    var other = Units.of("other.service");
    var output =
        """
        Id=demo.service
        LoadState=loaded
        ActiveState=active
        SubState=running
        UnitFileState=enabled
        FragmentPath=/etc/systemd/system/demo.service

        Id=other.service
        LoadState=not-found
        ActiveState=inactive
        SubState=dead
        UnitFileState=

        !demo.service
        /etc/systemd/system/demo.service.d/more.conf

        @demo.service
        %s  /etc/demo.conf\
        """
            .formatted(OLD);
    var states = demo.kind().read(List.of(demo, other), new Frame(0, output));
    assertThat(states.getFirst())
        .isEqualTo(
            state(
                List.of("/etc/systemd/system/demo.service.d/more.conf"),
                Map.of("/etc/demo.conf", OLD)));
    assertThat(states.getLast().exists()).isFalse();
    assertThat(demo.kind().read(List.of(demo, other), new Frame(127, "")))
        .containsExactly(UnitState.ABSENT, UnitState.ABSENT);
  }

  @Test
  void theDropInThatItWasTakenOverWithIsNotNewer() {
    var unit = Unit.running("demo").readingAsFound(List.of("/etc/x"));
    var path = unit.dropIn().path();
    var with = Map.of(path, unit.dropIn().sha256());
    var seen =
        new Observations.Builder()
            .put(ServiceManagers.QUESTION, "systemd")
            .put(Files.ofOthers("/etc/x"), FileState.ABSENT);
    for (var newer : List.of(List.of(path), List.<String>of())) {
      assertThat(unit.check(seen.put(Units.of("demo.service"), state(newer, with)).build()))
          .isEqualTo(new Check.InSync());
    }
    for (var other :
        List.of(
            state(List.of(path), Map.of()),
            state(List.of(path), Map.of(path, Sha256.of(new byte[] {1}))),
            state(List.of(path, "/etc/systemd/system/demo.service.d/own.conf"), with))) {
      assertThat(unit.check(seen.put(Units.of("demo.service"), other).build()))
          .isInstanceOf(Check.Drift.class);
    }
  }

  @Test
  void showsWhyAStartFailed(@TempDir Path directory) {
    var host = new LocalHost(directory);
    host.program(
        "systemctl",
        """
        case $1 in
          daemon-reload | reset-failed | enable) exit 0 ;;
          show) echo LoadState=loaded ;;
          start) echo 'Job for demo.service failed.' >&2; exit 1 ;;
          --no-pager) echo 'Active: failed (Result: exit-code)'; exit 3 ;;
          *) echo "unexpected: $*" >&2; exit 99 ;;
        esac\
        """);
    host.program("journalctl", "echo 'demo: port 80 is in use'");
    var ended = host.attempt(Script.of(UnitScripts.BRING, "demo.service", "start", "enable"));
    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.output())
        .contains("Result: exit-code", "port 80 is in use")
        .doesNotContain("99");
  }

  @Test
  void refusesNamesThatAreNoUnits() {
    for (var name : List.of("-x.service", "a b.service", "a@.service", "a.conf", "$(x).service")) {
      assertThatThrownBy(() -> Unit.running(name)).as(name).hasMessageContaining("not a unit");
    }
  }

  private static UnitState running(Map<String, Sha256> started) {
    return state(List.of(), started);
  }

  private static UnitState state(List<String> newer, Map<String, Sha256> started) {
    return new UnitState("loaded", "active", "running", "enabled", FILE, newer, started);
  }

  private static Check check(Unit unit, UnitState state) {
    return unit.check(
        new Observations.Builder()
            .put(ServiceManagers.QUESTION, "systemd")
            .put(Units.of("demo.service"), state)
            .build());
  }
}
