package io.provision.steps.os;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.remote.Call;
import io.provision.remote.ShellFunction;
import io.provision.resource.LocalHost;
import io.provision.resource.kernel.RebootWanted;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Repair;
import io.provision.steps.kubernetes.Cases;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RebootIfRequiredTest {
  @TempDir Path directory;

  private final RebootIfRequired step = new RebootIfRequired();

  private Check check(String says) {
    var host = Cases.host("h1", 1, Set.of(), Map.of());
    var target = Cases.on(host, Cases.inventory(host));
    var question = RebootWanted.QUESTION;
    var seen = new Observations.Builder().put(question, Cases.read(question, says)).build();
    return step.check(target, seen, Known.NOTHING);
  }

  @Test
  void aHostThatWantsOneIsRebootedAndSaysWhatFor() {
    assertThat(check("required\nlinux-image-6.1\nlibc6"))
        .isInstanceOfSatisfying(
            Check.Drift.class,
            drift -> {
              assertThat(drift.repair()).isInstanceOf(Repair.Reboot.class);
              assertThat(drift.changes().toString()).contains("linux-image-6.1, libc6");
            });
    assertThat(check("no")).isInstanceOf(Check.InSync.class);
  }

  @Test
  void aSystemThatDoesNotSayIsRefusedByName() {
    for (var says : List.of("unknown", "garbage", "", "no\nno")) {
      assertThat(check(says)).isInstanceOf(Check.Refused.class);
    }
  }

  @Test
  void whatOthersRelyOnIsRefusedBeforeTheFirstConnection() {
    for (var host : List.of(Cases.server(1), Cases.agent(1))) {
      assertThat(step.refusals(Cases.on(host, Cases.inventory(host)))).hasSize(1);
    }
    var plain = Cases.host("h1", 1, Set.of(), Map.of());
    assertThat(step.refusals(Cases.on(plain, Cases.inventory(plain)))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"dash", "bash", "busybox sh"})
  void theLookTellsWhatTheSystemSays(String shell) throws Exception {
    var look = elsewhere();
    var host = new LocalHost(directory).in(shell.split(" ")).program("apt-get", "exit 1");
    assertThat(host.run(look).output()).isEqualTo("no");
    Files.writeString(directory.resolve("reboot-required"), "");
    assertThat(host.run(look).output()).isEqualTo("required");
    Files.writeString(directory.resolve("reboot-required.pkgs"), "libc6\nlinux-base\nlibc6\n");
    assertThat(host.run(look).output()).isEqualTo("required\nlibc6\nlinux-base");
    Files.writeString(directory.resolve("reboot-required.pkgs"), "x".repeat(1 << 20));
    assertThat(host.run(look).output()).hasSizeLessThan(5000);
  }

  private Call elsewhere() {
    var body = RebootWanted.LOOK.body().replace("/run/", directory + "/");
    return Call.of(new ShellFunction("look_reboot_required", body));
  }
}
