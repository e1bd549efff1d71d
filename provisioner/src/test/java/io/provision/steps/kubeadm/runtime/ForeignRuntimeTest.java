package io.provision.steps.kubeadm.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Content;
import io.provision.model.Version;
import io.provision.resource.FileMode;
import io.provision.resource.FileState;
import io.provision.resource.LocalHost;
import io.provision.resource.unit.Unit;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Question;
import io.provision.step.Repair;
import io.provision.step.Target;
import io.provision.steps.kubeadm.KubeadmCases;
import io.provision.steps.kubernetes.Cases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The containerd of a node that somebody else made. */
final class ForeignRuntimeTest {
  private static final String SANDBOX = "registry.k8s.io/pause:3.10.2";
  private static final Version VERSION = Version.parse("v1.7.28");

  private static final FileState THERE =
      new FileState(
          FileState.Type.FILE,
          false,
          new FileMode(0600),
          new FileState.Owner("root", "root", "0", "0"),
          1,
          Optional.of(Cases.DIGEST),
          Optional.empty());

  @TempDir Path directory;
  private final Target.OnHost target = KubeadmCases.on("w1", KubeadmCases.inventory(""));

  /** What ours says of itself, as containerd writes it. */
  private String ours() {
    return ((Content.Plain) new ContainerdConfig(target, VERSION, SANDBOX).file().content()).text();
  }

  private Observations seen(ForeignRuntime.Said said) throws IOException {
    return seen(said, "active");
  }

  private Observations seen(ForeignRuntime.Said said, String active) throws IOException {
    Files.createDirectories(directory.resolve("run/systemd/system"));
    Files.createDirectories(directory.resolve("opt/cni/bin"));
    for (var plugin : CniPlugins.NEEDED) {
      var program = Files.writeString(directory.resolve("opt/cni/bin").resolve(plugin), "x");
      assertThat(program.toFile().setExecutable(true)).isTrue();
    }
    var host = new LocalHost(directory).below(directory);
    host.program(
        "systemctl",
        "printf 'Id=containerd.service\\nLoadState=loaded\\nActiveState=%s\\nSubState=running\\nUnitFileState=enabled\\nFragmentPath=/lib/systemd/system/containerd.service\\n'"
            .formatted(active));
    return host.look(new ContainerRuntime().probes(target).and(ForeignRuntime.probes(target)))
        .updated(
            new Observations.Builder()
                .put(RuntimeLooks.CONTAINERD, Optional.of(VERSION))
                .put(ImageNames.of(target), List.of(SANDBOX))
                .put(ForeignRuntime.QUESTION, said)
                .put(io.provision.resource.Files.at("/etc/kubernetes/kubelet.conf"), THERE)
                .put(io.provision.resource.Files.ofOthers(ContainerdConfig.PATH), THERE)
                .build());
  }

  private Check.Drift check(ForeignRuntime.Said said) throws IOException {
    return (Check.Drift) new ContainerRuntime().check(target, seen(said), new Cases.Settled());
  }

  private static List<Change.Action> actions(List<Change> changes) {
    return changes.stream().map(Change::action).toList();
  }

  private static List<String> functions(Check.Drift drift) {
    return ((Repair.OnHost) drift.repair())
        .scripts().stream().map(it -> it.call().function().name()).toList();
  }

  @Test
  void oneThatMakesTheSameOfBothGoesOnWithOurs() throws IOException {
    var said = new ForeignRuntime.Said("version = 2\n", ours(), false);
    assertThat(actions(check(said).changes())).doesNotContain(Change.Action.RESTART);
    assertThat(functions(check(said))).contains("record_start", "keep_unit");
    assertThat(ForeignRuntime.refusal(target, seen(said))).isEmpty();
    assertThat(ForeignRuntime.told(target, seen(said))).contains("not restarted");
    assertThat(ContainerRuntime.left(target, seen(said), ""))
        .hasValueSatisfying(left -> {
          assertThat(left.restarts()).isFalse();
          assertThat(left.scripts())
              .extracting(it -> it.call().function().name())
              .containsExactly("record_start", "write_file", "write_file");
        });
  }

  @Test
  void oneThatDoesNotIsRestartedInItsTurn() throws IOException {
    var said = new ForeignRuntime.Said("version = 2\n", ours().replace("certs.d", "other"), false);
    assertThat(actions(check(said).changes())).doesNotContain(Change.Action.RESTART);
    assertThat(ForeignRuntime.told(target, seen(said)))
        .contains("restarts once", "registry/config_path");
    assertThat(ContainerRuntime.left(target, seen(said), ""))
        .hasValueSatisfying(left -> assertThat(left.restarts()).isTrue());
  }

  @Test
  void oneWhoseFileWasWrittenSinceItsStartRestarts() throws IOException {
    var said = new ForeignRuntime.Said("version = 2\n", ours(), true);
    assertThat(actions(check(said).changes())).contains(Change.Action.RESTART);
    assertThat(ContainerRuntime.left(target, seen(said), ""))
        .hasValueSatisfying(left -> assertThat(left.restarts()).isTrue());
    assertThat(ForeignRuntime.told(target, seen(said))).contains("restarts once");
  }

  @Test
  void whatWouldBeLostIsRefusedWithTheLineThatKeepsIt() throws IOException {
    var said =
        new ForeignRuntime.Said("version = 2\n", ours() + "\n[debug]\nlevel = \"debug\"\n", false);
    assertThat(ForeignRuntime.refusal(target, seen(said)))
        .hasValueSatisfying(it ->
            assertThat(it)
                .isInstanceOfSatisfying(
                    Check.Refused.class,
                    refused ->
                        assertThat(refused.remedy())
                            .contains("containerd: { debug: { level: debug } }")));
    var garbage = new ForeignRuntime.Said("version = 2\n", "= x", false);
    assertThat(ForeignRuntime.refusal(target, seen(garbage)))
        .hasValueSatisfying(
            it -> assertThat(it.toString()).contains("cannot be read", "containerd config dump"));
  }

  @Test
  void oneThatSaysNothingIsStartedAnew() throws IOException {
    assertThat(ForeignRuntime.refusal(target, seen(ForeignRuntime.Said.NOTHING))).isEmpty();
    assertThat(ForeignRuntime.told(target, seen(ForeignRuntime.Said.NOTHING)))
        .contains("restarts once", "does not say what it runs with");
    assertThat(actions(check(ForeignRuntime.Said.NOTHING).changes()))
        .contains(Change.Action.RESTART);
  }

  /**
   * A run was killed between the record and the file: it runs with its own, and was not restarted.
   */
  @Test
  void aRecordThatIsAheadOfItsFileIsWrittenAnew() throws IOException {
    var said = new ForeignRuntime.Said("version = 2\n", ours(), false);
    var dropIn =
        Unit.running(ContainerRuntime.SERVICE)
            .readingAsFound(List.of(ContainerdConfig.PATH))
            .dropIn();
    var content = (Content.Plain) dropIn.content();
    var there =
        new FileState(
            FileState.Type.FILE,
            false,
            dropIn.mode(),
            new FileState.Owner("root", "root", "0", "0"),
            content.bytes().length,
            Optional.of(content.sha256()),
            Optional.of(content));
    var seen = new Observations.Builder();
    dropIn.probes().questions().forEach(it -> put(seen, it, there));
    var check =
        (Check.Drift)
            new ContainerRuntime()
                .check(target, seen(said).updated(seen.build()), new Cases.Settled());
    assertThat(actions(check.changes())).doesNotContain(Change.Action.RESTART);
    assertThat(functions(check)).contains("record_start");
  }

  @SuppressWarnings("unchecked")
  private static void put(Observations.Builder seen, Question<?> question, FileState state) {
    seen.put((Question<FileState>) question, state);
  }

  @Test
  void oneThatIsDownIsStarted() throws IOException {
    var said = new ForeignRuntime.Said("version = 2\n", ours(), false);
    var check =
        (Check.Drift)
            new ContainerRuntime().check(target, seen(said, "inactive"), new Cases.Settled());
    assertThat(actions(check.changes())).contains(Change.Action.START);
    assertThat(functions(check)).doesNotContain("record_start");
  }
}
