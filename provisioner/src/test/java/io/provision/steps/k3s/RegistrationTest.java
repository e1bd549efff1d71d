package io.provision.steps.k3s;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.remote.Call;
import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import io.provision.resource.LocalHost;
import io.provision.step.Check;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An agent is in sync where the cluster has it as a node, not where it merely runs. */
class RegistrationTest {
  private static final String STRICT =
      """
      [ "$KUBECONFIG" = "%s" ] && [ "$*" = "--cache-dir=/dev/null/none get --raw /api/v1/nodes/w1" ] ||
        { echo "unexpected: $*" >&2; exit 1; }
      """;

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "echo '{\"kind\":\"Node\",\"apiVersion\":\"v1\"}' | present",
        "printf '{\"kind\":\"Node\",'; head -c 3000000 /dev/zero | present",
        "echo 'Error from server (NotFound): nodes \"w1\" not found' >&2; exit 1 | absent",
        "echo 'Error from server (NotFound): nodes \"w10\" not found' >&2; exit 1 | ``",
        "echo 'Error from server (Forbidden): nodes \"w1\" is forbidden' >&2; exit 1 | ``",
        "echo 'The connection to the server 127.0.0.1:6444 was refused' >&2; exit 1 | ``",
        "head -c 3000000 /dev/zero | ``",
        "echo '$(id) present' | ``",
        "exit 127 | ``"
      })
  void onlyTheApisOwnWordCounts(String kubectl, String told) throws IOException {
    for (var shell : new String[] {"/bin/dash", "/bin/bash", "/bin/busybox sh"}) {
      if (Files.isExecutable(Path.of(shell.split(" ")[0]))) {
        assertThat(asked(new LocalHost(directory).in(shell.split(" ")), kubectl))
            .as("%s in %s", kubectl, shell)
            .isEqualTo(told);
      }
    }
  }

  @Test
  void oneThatNeverAnswersIsLeft() throws IOException {
    assertThat(Registration.LOOK.body()).contains("timeout 5 ");
    var host = new LocalHost(directory).program("timeout", "exit 124");
    assertThat(asked(host, "sleep 1000")).isEmpty();
  }

  @Test
  void withoutTheKubeletsCredentialsNobodyIsAsked() {
    var call = Call.of(Registration.LOOK, directory + "/none", "w1");
    assertThat(new LocalHost(directory).run(call)).isEqualTo(new Frame(0, ""));
  }

  private String asked(LocalHost host, String kubectl) throws IOException {
    var joined = Files.writeString(directory.resolve("kubelet.kubeconfig"), "x").toString();
    var program = directory.resolve("kubectl");
    Files.writeString(program, "#!/bin/sh\n" + STRICT.formatted(joined) + kubectl + "\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    var body =
        Registration.LOOK
            .body()
            .replace("/var/lib/rancher/k3s/data/current/bin/kubectl", program.toString());
    return host.run(Call.of(new ShellFunction("asked", body), joined, "w1")).output();
  }

  @Test
  void anAgentThatRunsAndNeverRegisteredIsNotInSync() {
    var server = Cases.server(1);
    var agent = Cases.agent(1);
    var target = Cases.on(agent, Cases.inventory(server, agent));
    assertThat(new K3sAgent().probes(target).questions()).contains(Registration.of(agent));

    var service = K3sService.of(target, Optional.empty());
    assertThat(K3sAgent.joined(service, true, Registration.ABSENT))
        .isInstanceOfSatisfying(
            Check.NotYet.class,
            notYet -> {
              assertThat(notYet.awaited()).isEqualTo("it to register as node w1");
              assertThat(notYet.until().arguments()).contains("w1", "k3s-agent.service");
            });
    assertThat(K3sAgent.joined(service, false, Registration.UNTOLD))
        .isInstanceOf(Check.NotYet.class);
    for (var told : Set.of(Registration.PRESENT, Registration.UNTOLD)) {
      assertThat(K3sAgent.joined(service, true, told)).isInstanceOf(Check.InSync.class);
    }
  }
}
