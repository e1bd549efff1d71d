package io.provision.steps.os.clock;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Content;
import io.provision.model.NodeAddress;
import io.provision.remote.Call;
import io.provision.remote.Frame;
import io.provision.resource.FileMode;
import io.provision.resource.FileState;
import io.provision.resource.Files;
import io.provision.resource.LocalHost;
import io.provision.resource.ManagedFile;
import io.provision.resource.kernel.Machine;
import io.provision.resource.unit.Unit;
import io.provision.resource.unit.UnitState;
import io.provision.resource.unit.Units;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Question;
import io.provision.step.Repair;
import io.provision.step.Target;
import io.provision.steps.os.OnHosts;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ClockSyncTest {
  private static final Instant SENT = Instant.parse("2026-11-26T08:00:00Z");

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "2026-11-26T08:00:03Z, PT0S", // while the look was under way
    "2026-11-26T08:00:15Z, PT10S",
    "2026-11-26T07:59:00Z, PT-1M",
    "1970-01-01T00:00:00Z, PT-498800H",
  })
  void howLongALookTakesIsNeverTakenForADifference(Instant clock, Duration ahead) {
    var said = "%d.%09d".formatted(clock.getEpochSecond(), clock.getNano());
    assertThat(read(said, 5).ahead()).isEqualTo(ahead);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "%s.%N", "1e9", "-5.000000000", "date: command not found", "9.9"})
  void aClockThatCannotBeReadDiffersByNothing(String said) {
    assertThat(read(said, 5)).isEqualTo(new ClockReading(false, false, Duration.ZERO));
  }

  @Test
  void aClockThatAgreesGoesOnWithANoteAndOneThatFollowsAServerWithout() {
    assertThat(ClockSync.judged(clock(false, Duration.ofMillis(-900))).notes())
        .singleElement()
        .asString()
        .contains("no time server", "time: { servers:");
    assertThat(ClockSync.judged(clock(true, Duration.ofMillis(900)))).isEqualTo(new Check.InSync());
  }

  @Test
  void whereTheHostFollowsAServerThisMachinesClockIsTheOneThatIsWrong() {
    var check = ClockSync.judged(clock(true, Duration.ofHours(-3)));
    assertThat(check).isInstanceOf(Check.InSync.class);
    assertThat(check.notes()).singleElement().asString().contains("3 h behind", "this machine's");
  }

  @ParameterizedTest
  @CsvSource({
    "PT0.9S, 1 s",
    "PT119.4S, 119 s",
    "PT1M59.9S, 120 s",
    "PT2M, 2 min",
    "PT9M40S, 10 min",
    "PT3H59M59S, 4 h",
    "PT4H10M, 4 h",
    "PT47H59M, 48 h",
    "PT71H, 3 days",
  })
  void aDifferenceIsSaidToTheNearestUnit(Duration ahead, String said) {
    assertThat(clock(false, ahead).difference()).isEqualTo(said + " ahead of this machine's");
    assertThat(clock(false, ahead.negated()).difference())
        .isEqualTo(said + " behind this machine's");
  }

  @Test
  void onlyAClockThatSomethingCouldStillCorrectIsWaitedFor() {
    assertThat(ClockSync.judged(clock(false, Duration.ofSeconds(5))))
        .isInstanceOf(Check.NotYet.class);
    assertThat(ClockSync.judged(new ClockReading(false, true, Duration.ZERO)))
        .isInstanceOf(Check.NotYet.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "chronyc | echo 'Leap status     : Normal' | true",
        "chronyc | echo 'Leap status     : Not synchronised' | false",
        "chronyc | echo 'Reference ID    : 7F7F0101 ()'; echo 'Leap status     : Normal' | false",
        "chronyc | echo '506 Cannot talk to daemon'; exit 1 | false",
        "chronyc | head -c 3000000 /dev/zero | false",
        "ntpq | echo 'associd=0 status=0615 leap_none, sync_ntp, 1 event' | true",
        "ntpq | echo 'associd=0 status=c011 leap_alarm, sync_unspec, 1 event' | false",
        "ntpctl | echo '4/4 peers valid, clock synced, stratum 2' | true",
        "ntpctl | echo '0/4 peers valid, clock unsynced' | false",
      })
  void eachServiceIsReadInItsOwnWords(String program, String says, boolean synchronised) {
    var host = new LocalHost(directory);
    for (var other : new String[] {"chronyc", "ntpq", "ntpctl"}) {
      host.program(other, "exit 1");
    }
    host.program(program, says);
    assertThat(host.run(Call.of(ClockReading.FOLLOWS)).ok()).isEqualTo(synchronised);
  }

  private static final String HOSTS =
      """
      hosts:
        a: { address: 10.0.0.1, node_address: 10.0.0.1 }
        b: { address: 10.0.0.2, node_address: 10.0.0.2 }
        c: { address: 10.0.0.3, node_address: 10.0.0.3 }
      """;
  private static final ClockReading HERE = clock(false, Duration.ZERO);

  @ParameterizedTest
  @ValueSource(strings = {"", "time: { servers: t.example.org }", "time: { from: a }"})
  void aClockThatIsFarOffIsRefusedBeforeAnythingIsInstalled(String time) {
    var check = check("b", time, "", clock(false, Duration.ofHours(-5)));
    assertThat(check)
        .isInstanceOfSatisfying(
            Check.Refused.class,
            it -> {
              assertThat(it.what()).contains("5 h behind", "no time server");
              assertThat(it.remedy()).contains("time: { servers: [...] }", "from: HOST");
            });
    assertThat(check("b", time, "", HERE)).isInstanceOf(Check.Drift.class);
    // a service that was only just started may still set it
    assertThat(check("b", "", "chrony.service", new ClockReading(false, true, Duration.ofHours(5))))
        .isInstanceOf(Check.NotYet.class);
  }

  @Test
  void serversAreWrittenForTheServiceThatIsThere() {
    var time = "time: { servers: [t1.example.org, 10.9.9.9] }";
    assertThat(changes(check("b", time, "", HERE)))
        .contains("package systemd-timesyncd", "NTP=t1.example.org 10.9.9.9")
        .doesNotContain("chrony");
    assertThat(changes(check("b", time, "chrony.service", HERE)))
        .contains("/etc/chrony/conf.d", "server t1.example.org iburst", "server 10.9.9.9 iburst")
        .doesNotContain("timesyncd");
    assertThat(check("b", time, "ntpsec.service", HERE))
        .isInstanceOfSatisfying(
            Check.Refused.class, it -> assertThat(it.what()).contains("ntpsec.service"));
  }

  @Test
  void oneHostGivesTheTimeToTheOthersAndToNobodyElse() {
    var time = "time: { from: a }";
    assertThat(changes(check("a", time, "", HERE)))
        .contains("package chrony", "local stratum 10", "allow 10.0.0.2", "allow 10.0.0.3")
        .doesNotContain("allow 10.0.0.1");
    assertThat(changes(check("b", time, "", HERE))).contains("NTP=10.0.0.1");
  }

  @Test
  void chronyTakesThePlaceOfTimesyncdAndOfNothingElse() {
    var drift = (Check.Drift) check("a", "time: { from: a }", "systemd-timesyncd.service", HERE);
    assertThat(((Repair.OnHost) drift.repair()).scripts())
        .filteredOn(it -> it.call().function().name().equals("install_packages"))
        .singleElement()
        .satisfies(
            it -> assertThat(it.call().arguments()).containsExactly("systemd-timesyncd", "chrony"));
  }

  @Test
  void whatIsUnmanagedIsOnlyMeasured() {
    var time = "time: { unmanaged: true }";
    assertThat(check("a", time, "", HERE)).isEqualTo(new Check.InSync());
    assertThat(check("a", time, "", clock(false, Duration.ofSeconds(9))).notes())
        .containsExactly("its clock is 9 s ahead of this machine's");
    assertThat(check("a", time, "", clock(false, Duration.ofMinutes(9))))
        .isInstanceOf(Check.Refused.class);
  }

  @Test
  void aServiceThatRunsIsLeftAsItIsWhereNothingIsSaid() {
    for (var service : TimeServices.ALL) {
      assertThat(check("a", "", service, clock(true, Duration.ZERO))).isEqualTo(new Check.InSync());
    }
  }

  private static final String SYNCD = "/etc/systemd/timesyncd.conf.d/50-provision.conf";
  private static final String CHRONYD = "/etc/chrony/conf.d/50-provision.conf";

  @ParameterizedTest
  @CsvSource({
    "chrony, ''",
    "chrony, unmanaged: true",
    "systemd-timesyncd, ''",
    "systemd-timesyncd, unmanaged: true",
  })
  void whatWasWrittenGoesWithItsKeyAndItsServiceRunsWithoutIt(String service, String key) {
    var left = service.equals("chrony") ? CHRONYD : SYNCD;
    var time = key.isEmpty() ? "" : "time: { " + key + " }";
    var check = left(time, service + ".service", left, UndeclaredTime.HEADER + "\n");
    assertThat(((Check.Drift) check).changes())
        .map(it -> it.action() + " " + it.subject())
        .containsExactly(
            "REMOVE " + left,
            "RESTART unit " + service + ".service",
            "REMOVE /etc/systemd/system/" + service + ".service.d/50-provision.conf");
    // a run that was killed after the first of these
    assertThat(changes(left(time, service + ".service", left, "")))
        .contains("RESTART", "REMOVE")
        .doesNotContain("subject=" + left);
    // the service was stopped by somebody
    assertThat(changes(left(time, "", left, UndeclaredTime.HEADER + "\n")))
        .contains("subject=" + left)
        .doesNotContain("RESTART");
    assertThat(new ClockSync().mayDo())
        .contains(Change.Action.REMOVE, Change.Action.RESTART, Change.Action.CREATE);
  }

  @Test
  void theFileOfTheServiceThatIsNotTheOneAnyMoreGoes() {
    var time = "time: { servers: t.example.org }";
    assertThat(changes(left(time, "chrony.service", SYNCD, UndeclaredTime.HEADER + "\n")))
        .contains("action=REMOVE, subject=" + SYNCD, "action=CREATE, subject=" + CHRONYD);
  }

  @Test
  void aFileOfSomebodyElseStaysAndIsNamed() {
    for (var text : List.of("[Time]\nNTP=mine\n", "#\n" + UndeclaredTime.HEADER + "\n")) {
      var target = OnHosts.of("b", HOSTS);
      var seen = nothingBut(target, "systemd-timesyncd.service", clock(true, Duration.ZERO));
      seen.put(Files.text(SYNCD), file(text));
      var check = new ClockSync().check(target, seen.build(), Known.NOTHING);
      assertThat(check).isInstanceOf(Check.InSync.class);
      assertThat(check.notes()).singleElement().asString().contains(SYNCD, "stays");
    }
  }

  @Test
  void everyFileForAServiceSaysThatItIsOurs() {
    var others = List.of(NodeAddress.parse("10.0.0.2"));
    for (var service :
        List.of(
            TimeServices.timesyncd(List.of("t")),
            TimeServices.chrony(List.of("t")),
            TimeServices.source(others))) {
      var text = ((Content.Plain) service.file().content()).text();
      assertThat(text).startsWith(UndeclaredTime.HEADER + "\n");
    }
  }

  /** After a run with the key: its file, what makes the record, and the record of the start. */
  private static Check left(String time, String running, String path, String text) {
    var target = OnHosts.of("b", HOSTS + time + "\n");
    var seen = nothingBut(target, running, clock(true, Duration.ZERO));
    var service = path.equals(SYNCD) ? "systemd-timesyncd" : "chrony";
    var dropIn =
        Unit.running(service).reading(ManagedFile.of(path, Content.of("whatever"))).dropIn();
    var there = text.isEmpty() ? FileState.ABSENT : file(text);
    seen.put(Files.text(path), there).put(Files.ofOthers(path), there);
    seen.put(Files.at(dropIn.path()), file(((Content.Plain) dropIn.content()).text()));
    var digests = Map.of(path, Content.of(text.isEmpty() ? "gone" : text).sha256());
    var active = running.startsWith(service) ? "active" : "inactive";
    seen.put(
        Units.of(service + ".service"),
        new UnitState("loaded", active, "", "enabled", "", List.of(), digests));
    return new ClockSync().check(target, seen.build(), Known.NOTHING);
  }

  private static FileState file(String text) {
    var content = new Content.Plain(text.getBytes(StandardCharsets.UTF_8));
    return new FileState(
        FileState.Type.FILE,
        false,
        FileMode.PUBLIC,
        new FileState.Owner("root", "root", "0", "0"),
        text.length(),
        Optional.of(content.sha256()),
        Optional.of(content));
  }

  private static String changes(Check check) {
    return ((Check.Drift) check).changes().toString();
  }

  private static Check check(String host, String time, String running, ClockReading clock) {
    var target = OnHosts.of(host, HOSTS + time + "\n");
    return new ClockSync().check(target, nothingBut(target, running, clock).build(), Known.NOTHING);
  }

  private static Observations.Builder nothingBut(
      Target.OnHost target, String running, ClockReading clock) {
    var seen = new Observations.Builder();
    new ClockSync().probes(target).questions().forEach(question -> nothing(question, seen));
    seen.put(ClockReading.question(), clock);
    seen.put(Machine.question(), new Machine(""));
    if (!running.isEmpty()) {
      var up = new UnitState("loaded", "active", "", "enabled", "", List.of(), Map.of());
      seen.put(Units.of(running), up);
    }
    return seen;
  }

  /** Nothing is there but what a system has: no other program, no file, no unit. */
  private static <A> void nothing(Question<A> question, Observations.Builder seen) {
    var frame =
        switch (question.kind().function().name()) {
          case "look_package_manager" -> new Frame(0, "apt-get");
          case "look_service_manager" -> new Frame(0, "systemd");
          default -> new Frame(127, "");
        };
    seen.put(question, question.kind().read(List.of(question), frame).getFirst());
  }

  private static ClockReading clock(boolean synchronised, Duration ahead) {
    return new ClockReading(synchronised, false, ahead);
  }

  private static ClockReading read(String said, int seconds) {
    return ClockReading.read(new Frame(0, said, new Frame.Window(SENT, SENT.plusSeconds(seconds))));
  }
}
