package io.provision.steps.kubeadm.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Sha256;
import io.provision.remote.Script;
import io.provision.remote.Shells;
import io.provision.resource.LocalHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Archives as their publishers make them become programs, by the tar that the host has. */
class RuntimeArchiveTest {
  @TempDir Path directory;

  static List<List<String>> shells() {
    return Shells.here();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void anArchiveBecomesPrograms(List<String> shell) throws Exception {
    var records = Files.createDirectories(directory.resolve("ü 日本/runtime"));
    archive(records.resolve("containerd.staged"), "bin/containerd", "bin/ctr");
    archive(records.resolve("cni-plugins.staged"), "./bridge", "./loopback");
    installed(shell, records, "containerd", "bin", "containerd", "ctr");
    installed(shell, records, "cni-plugins", "flat", "bridge");
    for (var program : List.of("containerd/containerd", "containerd/ctr", "cni-plugins/loopback")) {
      assertThat(directory.resolve(program)).hasContent("program").isExecutable();
    }
    assertThat(directory.resolve("cni-plugins/LICENSE")).doesNotExist();
    assertThat(records).isDirectoryNotContaining(it -> it.toString().contains(".un"));
  }

  private void installed(
      List<String> shell, Path records, String name, String form, String... needed)
      throws IOException {
    var digest = Sha256.of(Files.readAllBytes(records.resolve(name + ".staged"))).hex();
    var words =
        new java.util.ArrayList<>(
            List.of(
                records.toString(),
                name,
                "v1.0.0",
                digest,
                form,
                directory.resolve(name).toString()));
    words.addAll(List.of(needed));
    var ended =
        new LocalHost(directory)
            .in(shell.toArray(String[]::new))
            .attempt(Script.of(RuntimeScripts.INSTALL, words.toArray(String[]::new)));
    assertThat(ended.ok()).as(ended.output()).isTrue();
  }

  /** With a text beside the programs, which is none. */
  private void archive(Path into, String... programs) throws Exception {
    var from = Files.createTempDirectory(directory, "made");
    for (var program : programs) {
      var file = from.resolve(program).normalize();
      Files.createDirectories(file.getParent());
      assertThat(Files.writeString(file, "program").toFile().setExecutable(true)).isTrue();
    }
    Files.writeString(from.resolve("LICENSE"), "text");
    var tar = List.of("tar", "-czf", into.toString(), "-C", from.toString(), ".");
    assertThat(new ProcessBuilder(tar).inheritIO().start().waitFor()).isZero();
  }
}
