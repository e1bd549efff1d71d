package io.provision.steps.k3s;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Host;
import io.provision.remote.Frame;
import io.provision.remote.Shells;
import io.provision.resource.FileMode;
import io.provision.resource.FileState;
import io.provision.resource.LocalHost;
import io.provision.resource.unit.UnitState;
import io.provision.resource.unit.Units;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Repair;
import io.provision.steps.kubernetes.Cases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A host that changed its role has the unit of the new one alone, and no secrets of the old one.
 */
class OtherRoleTest {
  private static final String UNITS = "etc/systemd/system/";

  private static final FileState FILE =
      new FileState(
          FileState.Type.FILE,
          false,
          FileMode.PRIVATE,
          new FileState.Owner("root", "root", "0", "0"),
          1,
          Optional.empty(),
          Optional.empty());

  @TempDir Path root;

  static List<List<String>> shells() {
    return Shells.here();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void anAgentThatBecameAServerStopsBeingAnAgent(List<String> shell) throws IOException {
    write(UNITS + "k3s-agent.service");
    write(UNITS + "k3s.service");
    write("etc/rancher/k3s/k3s.yaml");
    var drift = drift(Cases.server(1), "active");
    assertThat(drift.changes())
        .extracting(Change::action)
        .containsExactly(Change.Action.STOP, Change.Action.REMOVE);

    assertThat(repair(shell, drift, "exit 0").ok()).isTrue();
    assertThat(root.resolve(UNITS + "k3s-agent.service")).doesNotExist();
    assertThat(root.resolve(UNITS + "k3s.service")).exists();
    assertThat(root.resolve("etc/rancher/k3s/k3s.yaml")).exists();
    assertThat(calls())
        .containsExactly(
            "stop -- k3s-agent.service",
            "disable --quiet -- k3s-agent.service",
            "daemon-reload",
            "reset-failed -- k3s-agent.service");
    assertThat(check(Cases.server(1), "inactive")).isInstanceOf(Check.InSync.class);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void whatOnlyAServerMayHaveGoesWithItsUnit(List<String> shell) throws IOException {
    var secrets = List.of("etc/rancher/k3s/server-token", "etc/rancher/k3s/k3s.yaml");
    for (var path : secrets) {
      write(path);
    }
    assertThat(check(Cases.agent(1), "inactive"))
        .as("without a unit they are somebody else's")
        .isInstanceOf(Check.InSync.class);
    write("etc/rancher/k3s/agent-token");
    write(UNITS + "k3s.service");

    var drift = drift(Cases.agent(1), "inactive");
    assertThat(repair(shell, drift, "exit 0").ok()).isTrue();
    for (var path : secrets) {
      assertThat(root.resolve(path)).doesNotExist();
    }
    assertThat(root.resolve("etc/rancher/k3s/agent-token")).exists();
  }

  /** Its file is what the next run finds it by. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void aUnitThatDoesNotStopKeepsItsFile(List<String> shell) throws IOException {
    write(UNITS + "k3s-agent.service");
    for (var stop : List.of("exit 1", "echo '*'; exit 5", "head -c 3000000 /dev/zero; exit 3")) {
      var failing = "case $1 in stop) %s ;; esac".formatted(stop);
      assertThat(repair(shell, drift(Cases.server(1), "active"), failing).ok()).as(stop).isFalse();
      assertThat(root.resolve(UNITS + "k3s-agent.service")).exists();
    }
  }

  private Check.Drift drift(Host host, String active) {
    return (Check.Drift) check(host, active);
  }

  private Check check(Host host, String active) {
    var role = new OtherRole(host);
    var seen = new Observations.Builder();
    for (var question : role.probes().questions()) {
      var name = question.arguments().getFirst();
      if (question.equals(Units.of(name))) {
        seen.put(Units.of(name), new UnitState("loaded", active, "", "", "", List.of(), Map.of()));
      } else {
        seen.put(
            io.provision.resource.Files.at(name),
            Files.exists(root.resolve(name.substring(1))) ? FILE : FileState.ABSENT);
      }
    }
    return role.check(seen.build());
  }

  private Frame repair(List<String> shell, Check.Drift drift, String systemctl) throws IOException {
    Files.deleteIfExists(root.resolve("calls"));
    var logged = "echo \"$*\" >>%s; %s".formatted(root.resolve("calls"), systemctl);
    var script = ((Repair.OnHost) drift.repair()).scripts().getFirst();
    return host(shell, logged).attempt(script);
  }

  private List<String> calls() throws IOException {
    return Files.readAllLines(root.resolve("calls"));
  }

  private LocalHost host(List<String> shell, String systemctl) {
    return new LocalHost(root)
        .below(root)
        .in(shell.toArray(String[]::new))
        .program("systemctl", systemctl);
  }

  private void write(String path) throws IOException {
    Files.createDirectories(root.resolve(path).getParent());
    Files.writeString(root.resolve(path), "x");
  }
}
