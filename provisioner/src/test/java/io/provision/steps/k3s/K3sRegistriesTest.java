package io.provision.steps.k3s;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Cluster;
import io.provision.model.Sha256;
import io.provision.remote.Call;
import io.provision.remote.Frame;
import io.provision.resource.FileMode;
import io.provision.resource.FileState;
import io.provision.resource.LocalHost;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubernetes.Cases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was declared and is declared no longer goes from the hosts; what others wrote stays. */
class K3sRegistriesTest {
  @TempDir Path directory;

  @Test
  void everyFileThatAnInventoryDeclaresIsRemovedWithItsKey() {
    var target = target();
    for (Step<Target.OnHost> step : List.of(new K3sRegistries(), new K3sSettingsLeft())) {
      var paths = step instanceof K3sRegistries ? List.of(K3s.REGISTRIES) : ProgramSettings.PATHS;
      var check = step.check(target, seen(step, target, "ours"), Known.NOTHING);
      assertThat(check)
          .isInstanceOfSatisfying(
              Check.Drift.class,
              drift ->
                  assertThat(drift.changes())
                      .allSatisfy(it -> assertThat(it.action()).isEqualTo(Change.Action.REMOVE))
                      .map(Change::subject)
                      .containsExactlyInAnyOrderElementsOf(paths));
      assertThat(step.mayDo()).contains(Change.Action.REMOVE);
    }
  }

  @Test
  void aFileOfSomebodyElseStaysAndNoFileIsNothingToDo() {
    var target = target();
    var step = new K3sRegistries();
    assertThat(step.check(target, seen(step, target, "theirs"), Known.NOTHING))
        .isInstanceOfSatisfying(
            Check.Skipped.class, it -> assertThat(it.reason()).contains("stays"));
    assertThat(step.check(target, seen(step, target, "none"), Known.NOTHING))
        .isEqualTo(new Check.Skipped("the inventory declares no registries"));
  }

  @Test
  void whatReadTheFileIsStartedWithTheRecordOfIt() {
    // so that its absence is another digest than the one it was started with
    assertThat(K3sService.of(target(), Optional.empty()).probes().questions())
        .contains(io.provision.resource.Files.ofOthers(K3s.REGISTRIES));
  }

  @Test
  void onlyTheFirstLineIsRead() throws IOException {
    var file = directory.resolve("registries.yaml");
    var cases =
        Map.of(
            K3sRegistries.HEADER + "password: s3cret\n",
            true,
            "password: s3cret\n" + K3sRegistries.HEADER,
            false,
            "x".repeat(3_000_000),
            false,
            "",
            false);
    for (var each : cases.entrySet()) {
      Files.writeString(file, each.getKey());
      for (var shell : List.of("/bin/dash", "/bin/bash", "/bin/busybox sh")) {
        if (Files.isExecutable(Path.of(shell.split(" ")[0]))) {
          var frame =
              new LocalHost(directory)
                  .in(shell.split(" "))
                  .run(Call.of(K3sRegistries.FIRST_LINE, file.toString()));
          assertThat(ours(frame)).isEqualTo(each.getValue());
          if (each.getValue()) {
            assertThat(frame.output()).doesNotContain("s3cret");
          }
        }
      }
    }
  }

  private static boolean ours(Frame frame) {
    return K3sRegistries.IS_OURS.kind().read(List.of(K3sRegistries.IS_OURS), frame).getFirst();
  }

  private static Target.OnHost target() {
    var cluster = Cases.cluster("v1.36.4+k3s1", Cluster.Cni.FLANNEL, Map.of());
    return Cases.on(Cases.server(1), Cases.inventory(cluster, Cases.server(1)));
  }

  /** Every file that the step asks about is there, but for templates of others. */
  private static Observations seen(Step<Target.OnHost> step, Target.OnHost target, String whose) {
    var text = whose.equals("ours") ? K3sRegistries.HEADER : "mirrors: {}\n";
    var there =
        new FileState(
            FileState.Type.FILE,
            false,
            FileMode.PRIVATE,
            FileState.ABSENT.owner(),
            1,
            Optional.of(Sha256.of(new byte[] {1})),
            Optional.of(
                new io.provision.model.Content.Plain(
                    text.getBytes(java.nio.charset.StandardCharsets.UTF_8))));
    var seen = new Observations.Builder();
    var state = whose.equals("none") ? FileState.ABSENT : there;
    seen.put(io.provision.resource.Files.at(K3s.REGISTRIES), state);
    seen.put(K3sRegistries.IS_OURS, whose.equals("ours"));
    ProgramSettings.PATHS.forEach(path -> seen.put(io.provision.resource.Files.at(path), state));
    seen.put(io.provision.resource.Files.text(ProgramSettings.CONTAINERD_TEMPLATE), state);
    seen.put(io.provision.resource.Files.at(ProgramSettings.OLD_TEMPLATE), FileState.ABSENT);
    assertThat(seen.build().answer(step.probes(target))).isTrue();
    return seen.build();
  }
}
