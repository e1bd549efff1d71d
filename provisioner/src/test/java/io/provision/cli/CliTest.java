package io.provision.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.provision.cli.option.Selection;
import io.provision.cli.run.ExitCode;
import io.provision.engine.event.Failure;
import io.provision.engine.event.Outcome;
import io.provision.engine.event.Report;
import io.provision.engine.event.TargetName;
import io.provision.step.Removals;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CliTest {
  private static final Failure FAILURE = new Failure("it broke", "fix it");
  @TempDir private Path state;
  private final FakeProgram program = new FakeProgram();

  private Session type(String line) {
    return Session.type(program, state, line.isEmpty() ? new String[0] : line.split(" "));
  }

  @ParameterizedTest
  @EnumSource(Verb.class)
  void everyCommandExplainsItself(Verb verb) {
    for (var line : List.of(verb.key() + " --help", "help " + verb.key(), verb.key() + " -h")) {
      var session = type(line);
      assertThat(session.exit()).isZero();
      assertThat(session.out()).startsWith("Usage: provision " + verb.key()).contains("--output");
      assertThat(session.lines()).allMatch(text -> text.length() <= 100);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "--help", "-h", "help"})
  void theFirstHelpNamesEveryCommandAndExitCode(String line) {
    var session = type(line);
    assertThat(session.exit()).isZero();
    for (var verb : Verb.values()) {
      assertThat(session.out()).contains("  " + verb.key());
    }
    for (var code : ExitCode.values()) {
      assertThat(session.out()).contains(code.code() + "  " + code.meaning());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"--version", "-V", "version"})
  void saysItsVersion(String line) {
    assertThat(type(line)).isEqualTo(new Session(0, "provision 1.2.3\n", ""));
  }

  @ParameterizedTest
  @CsvSource({
    "aply,                      did you mean 'apply'?",
    "apply,                     INVENTORY",
    "apply a.yml b.yml,         b.yml",
    "apply a.yml --limmit w1,   did you mean '--limit'?",
    "plan a.yml --detailed-exit,did you mean '--detailed-exitcode'?",
    "apply a.yml --forks x,     --forks",
    "apply a.yml --forks 0,     less than 1",
    "apply a.yml --output xml,  xml",
    "-v apply a.yml,            before the command",
    "explain kernel-module,     did you mean 'kernel-modules'?",
    "completion tcsh,           tcsh",
    "apply a.yml --ask-pass,    nobody can be asked",
    "plan a.yml --junit no/such/dir/x.xml, directory",
  })
  void usageErrorsExitWithTwoAndSayWhatWasMeant(String line, String hint) {
    var session = type(line);
    assertThat(session.exit()).isEqualTo(2);
    assertThat(session.out()).isEmpty();
    assertThat(session.err()).contains(hint).doesNotContain("Exception").doesNotContain("\tat ");
    assertThat(program.requests).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "apply a.yml",
        "plan a.yml",
        "status a.yml",
        "kubeconfig a.yml",
        "validate a.yml",
        "unlock a.yml",
        "steps",
        "explain kernel-modules",
        "version",
        "apply",
        "aply a.yml",
        "apply a.yml --limmit",
        "explain nothing",
        "apply a.yml --forks 0",
      })
  void theLastLineOfJsonIsAlwaysTheSummaryWithTheExitCode(String line) throws Exception {
    for (var option : List.of(" --output json", " --output=json")) {
      var session = type(line + option);
      assertThat(session.err()).isEmpty();
      var last = JsonMapper.builder().build().readTree(session.lines().getLast());
      assertThat(last.get("event").asText()).isEqualTo("summary");
      assertThat(last.get("exit").asInt()).isEqualTo(session.exit());
      for (var text : session.lines()) {
        assertThat(JsonMapper.builder().build().readTree(text).isObject()).isTrue();
      }
    }
  }

  @Test
  void handsOnWhatWasTyped() {
    FakeProgram.write(
        state.resolve("p.yml"),
        "- hosts: all\n  steps: [node-address, hostname, swap-off, hosts-file]\n");
    type(
        "plan a.yml --playbook p.yml --limit w1,w2 --limit w3 --only hostname"
            + " --skip swap-off,hosts-file --forks 7 --out "
            + state.resolve("x.plan")
            + " --remove w9,volume/old --remove n7");

    var request = program.requests.getLast();
    var options = request.options();
    assertThat(options.limit().orElseThrow())
        .extracting(TargetName::toString)
        .containsExactlyInAnyOrder("w1", "w2", "w3");
    assertThat(options.only()).containsExactly("hostname");
    assertThat(options.skip()).containsExactlyInAnyOrder("swap-off", "hosts-file");
    assertThat(options.removals()).isEqualTo(new Removals(Set.of("w9", "volume/old", "n7")));
    assertThat(options.forks()).isEqualTo(7);
    assertThat(request.agreed()).isFalse();
    assertThat(Selection.stepNames(request.playbook()))
        .containsExactlyInAnyOrder("hostname", "swap-off", "hosts-file", "node-address");
    assertThat(state.resolve("x.plan")).isRegularFile();
  }

  @Test
  void everyWayARunCanEndHasItsExitCode() {
    assertThat(applied(new Outcome.Ok())).isZero();
    assertThat(applied(new Outcome.Changed(List.of()))).isZero();
    assertThat(applied(new Outcome.Skipped("not asked for"))).isZero();
    assertThat(applied(new Outcome.Failed(FAILURE))).isEqualTo(1);
    assertThat(applied(new Outcome.Unreachable(FAILURE))).isEqualTo(4);
    assertThat(applied(new Outcome.Lost(FAILURE))).isEqualTo(4);
    assertThat(applied(LEAVING)).isZero();
    program.stop = Optional.of(new Report.Stop.NothingLeaves("no w9", "there is w3"));
    assertThat(applied(new Outcome.Ok())).isEqualTo(2);
    program.stop = Optional.of(new Report.Stop.NotAgreed("not confirmed", "type the name"));
    assertThat(applied(new Outcome.Ok())).isEqualTo(2);
    program.stop = Optional.of(new Report.Stop.PlanMoved("moved", "plan again"));
    assertThat(applied(new Outcome.Ok())).isEqualTo(5);
    program.stop = Optional.of(new Report.Stop.Locked("locked", "wait"));
    assertThat(applied(new Outcome.Ok())).isEqualTo(6);
    program.interrupted = true;
    assertThat(applied(new Outcome.Failed(FAILURE))).isEqualTo(130);
  }

  private static final Outcome LEAVING =
      new Outcome.Leaving(List.of(new Outcome.Left(List.of("host/w9"), List.of(), "", "", "")));

  @Test
  void onlyPlanAndApplyRemove() {
    for (var verb : List.of("validate", "status", "kubeconfig", "unlock")) {
      assertThat(type(verb + " a.yml --remove w9").exit()).as(verb).isEqualTo(2);
    }
    assertThat(type("apply a.yml --remove w9 --force-remove").exit()).isZero();
    assertThat(program.requests.getLast().agreed()).isTrue();
    assertThat(type("apply a.yml --yes").exit()).isZero();
    assertThat(program.requests.getLast().options().removals()).isEqualTo(Removals.NONE);
  }

  /** As if it were not in the inventory, and by its name; what has a kind is no host. */
  @Test
  void aHostIsRemovedThatIsStillInTheInventory() {
    assertThat(type("remove a.yml w2 pv/data-1 --force-remove").exit()).isZero();
    var request = program.requests.getLast();
    assertThat(request.inventory().hosts()).hasToString("[w1, w3]");
    assertThat(request.inventory().leaving()).hasToString("[w2]");
    assertThat(request.options().removals().words()).containsExactly("pv/data-1", "w2");
    assertThat(request.agreed()).isTrue();
    assertThat(request.options().only()).isEmpty();

    var before = program.requests.size();
    assertThat(type("remove a.yml w2").err()).contains("nobody can be asked");
    var unknown = type("remove a.yml w22 --force-remove");
    assertThat(unknown.exit()).isEqualTo(2);
    assertThat(unknown.err()).contains("there is no host 'w22'").contains("w2");
    assertThat(type("remove a.yml --force-remove").exit()).isEqualTo(2);
    assertThat(type("remove a.yml w1 --force-remove").err())
        .as("what is wrong without it is said, as if it were written")
        .contains("no host has role control-plane");
    assertThat(program.requests).hasSize(before);
  }

  /** By its own name, and nothing of the cluster is asked any more. */
  @Test
  void aClusterIsResetAsAWhole() {
    assertThat(type("reset a.yml --force-remove").exit()).isZero();
    var request = program.requests.getLast();
    assertThat(request.inventory().hosts()).isEmpty();
    assertThat(request.inventory().leaving()).hasToString("[w1, w2, w3]");
    assertThat(request.options().removals().words()).containsExactly("cluster/home");
    assertThat(request.options().only()).containsExactlyInAnyOrder("node-leaves", "node-wiped");

    var before = program.requests.size();
    assertThat(type("reset a.yml").err()).contains("nobody can be asked");
    assertThat(type("reset a.yml --limit w1 --force-remove").err()).contains("as a whole");
    assertThat(program.requests).hasSize(before);
  }

  /** What a command would do nothing with is no option of it. */
  @Test
  void unlockTakesNoOptionsOfRuns() {
    for (var option : List.of("--forks 3", "--playbook p.yml", "--only hostname")) {
      assertThat(type("unlock a.yml " + option).exit()).as(option).isEqualTo(2);
    }
    assertThat(type("unlock a.yml --limit w1").exit()).isZero();
  }

  private int applied(Outcome outcome) {
    program.outcome = outcome;
    return type("apply a.yml").exit();
  }

  @Test
  void aDetailedPlanTellsPendingChangesByItsExitCode() {
    assertThat(type("plan a.yml --detailed-exitcode").exit()).isZero();
    program.outcome = new Outcome.WouldChange(List.of());
    assertThat(type("plan a.yml --detailed-exitcode").exit()).isEqualTo(3);
    assertThat(type("plan a.yml").exit()).isZero();
    program.outcome = new Outcome.Pending("an address", Set.of());
    assertThat(type("plan a.yml --detailed-exitcode").exit()).isEqualTo(3);
    program.outcome = LEAVING;
    assertThat(type("plan a.yml --detailed-exitcode").exit()).isEqualTo(3);
    program.outcome = new Outcome.Failed(FAILURE);
    assertThat(type("plan a.yml --detailed-exitcode").exit()).isEqualTo(1);
  }

  @Test
  void saysAllThatIsWrongWithTheInputAtItsPlace() {
    FakeProgram.write(
        state.resolve("a.yml"),
        "hosts:\n  w1: { address: 192.0.2.1, roles: [wroker] }\nhosst: {}\n");
    for (var verb : List.of("apply", "plan", "status", "validate", "hosts")) {
      var session = type(verb + " a.yml");
      assertThat(session.exit()).isEqualTo(2);
      assertThat(session.err().lines())
          .hasSize(2)
          .anyMatch(it -> it.startsWith("STATE/a.yml:2:") && it.contains("mean 'worker'?"))
          .anyMatch(it -> it.startsWith("STATE/a.yml:3:1: error: unknown key 'hosst'"));
    }
    assertThat(program.requests).isEmpty();
  }

  @Test
  void aWarningRefusesNothing() {
    FakeProgram.write(
        state.resolve("a.yml"),
        "hosts:\n  w1: { address: 192.0.2.1, ssh: { password: plain } }\nplaybook: p.yml\n");
    FakeProgram.write(state.resolve("p.yml"), "- hosts: all\n  steps: [hostname]\n");
    for (var verb : List.of("apply", "plan", "status", "validate", "hosts", "unlock")) {
      var session = type(verb + " a.yml");
      assertThat(session.exit()).isZero();
      assertThat(session.err().lines())
          .singleElement()
          .satisfies(it -> assertThat(it).startsWith("STATE/a.yml:2:").contains(": warning: "));
    }
    assertThat(type("validate a.yml").out()).isEqualTo("STATE/a.yml is valid.\n");
  }

  @Test
  void aBugIsOneLineForTheOperatorAndAStackTraceInALogFile() throws Exception {
    program.bug = Optional.of(new IllegalStateException("a view of w1\nfailed"));

    var session = type("apply a.yml");

    assertThat(session.exit()).isEqualTo(70);
    var log = state.resolve("provision/crash-20260102-120000-000.log");
    assertThat(session.err())
        .isEqualTo(
            "error: A bug in provision: IllegalStateException (a view of w1). Please report it; its"
                + " details are in %s%n".formatted("STATE/" + state.relativize(log)));
    assertThat(Files.readString(log)).startsWith("provision 1.2.3").contains("\tat io.provision");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(log)))
        .isEqualTo("rw-------");
  }

  @Test
  void explainsAStep() {
    assertThat(type("explain kernel-modules").out())
        .contains("kernel-modules (on the host)", "modules: list of text", "br_netfilter");
    assertThat(type("steps").out()).contains("kernel-modules", "hosts-file");
  }
}
