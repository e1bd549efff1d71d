package io.provision.remote;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.provision.step.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a person reads when a command of a repair fails and says nothing itself: which command it
 * was and its own exit status, or why the script went no further in words of its own.
 */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class FailingCommandsTest {
  private static final Map<String, ShellFunction> ALL = AllFunctions.byName();

  /** Their failing is an answer, not a failure: what is waited for, and questions of others. */
  private static final Set<String> QUESTIONS =
      Set.of(
          "claim_holds",
          "unit_is_active",
          "clock_is_settling",
          "clock_is_synchronised",
          "cloud_init_runs",
          "encryption_is_ours",
          "etcd_was_removed",
          "end_lock",
          "cluster_dns_answers",
          "k3s_has_failed",
          "k3s_was_removed",
          "k3s_kubectl",
          "k3s_ready",
          "k3s_unit_up",
          "kubeadm_ready",
          "lock_holder",
          "node_pod_has_failed",
          "nodes_ready",
          "peers_whole",
          "proxies_go_on",
          "unit_has_failed",
          "unit_last_words",
          "volumes_known",
          "waiting_node_pods");

  @TempDir Path directory;

  static List<List<String>> shells() {
    return Shells.here();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void everyRepairThatFailsNamesTheCommandOrTheReason(List<String> shell) throws Exception {
    var root = Files.createDirectories(directory.resolve("root"));
    FakeHost.populate(root);
    var repairs = new TreeSet<>(ALL.keySet());
    AllFunctions.constants(Kind.class).forEach(kind -> forget(kind.function(), repairs));
    repairs.removeAll(QUESTIONS);
    repairs.removeIf(name -> name.startsWith("look_") || name.startsWith("until_"));
    assertThat(repairs).hasSizeGreaterThan(40);
    var text = new StringBuilder(FakeHost.functions(root, "return 77"));
    for (var name : repairs) {
      var words =
          Collections.nCopies(9, "/no/where").stream().collect(joining(" ", name + " ", ""));
      var said = directory.resolve(name);
      text.append("(ulimit -t 6; %s) </dev/null >/dev/null 2>%s\n".formatted(words, said));
      text.append("echo \"$?\" >>%s\n".formatted(said));
    }
    run(shell, text.toString());

    var silent = new ArrayList<String>();
    for (var name : repairs) {
      var said = Files.readString(directory.resolve(name)).strip();
      var status = said.substring(said.lastIndexOf('\n') + 1);
      if (!status.equals("0") && said.equals(status)) {
        silent.add(name + " returned " + status + " without a word");
      }
    }
    assertThat(silent).isEmpty();
    assertThat(Files.readString(directory.resolve("bring_unit")))
        .contains("@@m ran 77 systemctl daemon-reload");
  }

  private static void forget(ShellFunction function, Set<String> names) {
    names.remove(function.name());
    function.uses().forEach(used -> forget(used, names));
  }

  private void run(List<String> shell, String script) throws Exception {
    var file = Files.writeString(directory.resolve("failing.sh"), script);
    var command = new ArrayList<>(List.of("setsid", "timeout", "-k", "5", "240"));
    command.addAll(shell);
    command.add(file.toString());
    var process =
        new ProcessBuilder(command)
            .directory(Files.createDirectories(directory.resolve("cwd")).toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("out").toFile())
            .start();
    assertThat(process.waitFor(260, TimeUnit.SECONDS)).as("it ends").isTrue();
    assertThat(process.exitValue()).isZero();
  }
}
