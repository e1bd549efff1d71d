package io.provision.steps.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.remote.Call;
import io.provision.remote.Frame;
import io.provision.resource.LocalHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether the cluster has an agent as a node. */
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
    var call = Call.of(Registration.LOOK, "/bin/false", directory + "/none", "w1");
    assertThat(new LocalHost(directory).run(call)).isEqualTo(new Frame(0, ""));
  }

  private String asked(LocalHost host, String kubectl) throws IOException {
    var joined = Files.writeString(directory.resolve("kubelet.kubeconfig"), "x").toString();
    var program = directory.resolve("kubectl");
    Files.writeString(program, "#!/bin/sh\n" + STRICT.formatted(joined) + kubectl + "\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    return host.run(Call.of(Registration.LOOK, program.toString(), joined, "w1")).output();
  }
}
