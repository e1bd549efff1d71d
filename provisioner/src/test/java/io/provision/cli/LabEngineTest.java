package io.provision.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the lab's own script takes for a container engine, with nothing but fakes in the PATH. */
class LabEngineTest {
  @TempDir private Path directory;
  private Path bin;

  @BeforeEach
  void theProgramsOfAnyHost() throws IOException {
    bin = Files.createDirectories(directory.resolve("bin"));
    for (var name :
        List.of(
            "bash",
            "dirname",
            "readlink",
            "mkdir",
            "flock",
            "grep",
            "sed",
            "cut",
            "seq",
            "sleep",
            "tail",
            "setsid",
            "cat",
            "rm")) {
      var found =
          List.of("/usr/bin/", "/bin/").stream()
              .map(place -> Path.of(place + name))
              .filter(Files::isExecutable)
              .findFirst()
              .orElseThrow();
      Files.createSymbolicLink(bin.resolve(name), found);
    }
    program("id", "echo 0");
    program("systemctl", "exit 1");
  }

  /** It answers once something has left a mark. */
  private void client() throws IOException {
    program("docker", "[ -e " + directory + "/runs ] && echo 20.10");
  }

  private static final String STARTS = "echo \"$0 $*\" >>%1$s/started; : >%1$s/runs";

  @Test
  void aDaemonThatAnswersNeedsNothingElse() throws Exception {
    program("docker", "echo 20.10");
    assertThat(engine()).isEmpty();
  }

  @Test
  void aDaemonThatTheSystemStartsNeedsNoProgramOfOurs() throws Exception {
    client();
    program("systemctl", "case $1 in cat) ;; start) " + STARTS.formatted(directory) + " ;; esac");
    assertThat(engine()).contains("systemctl start docker").doesNotContain("missing");
    assertThat(Files.readString(directory.resolve("started"))).contains("start docker");
  }

  @Test
  void aDaemonThatCanBeStartedByHandIs() throws Exception {
    client();
    program("dockerd", STARTS.formatted(directory) + "; exec sleep 60");
    program("iptables", "exit 0");
    assertThat(engine()).contains("starting dockerd").doesNotContain("missing");
    assertThat(engine("stop")).isEmpty();
  }

  @Test
  void aClientAloneIsNoEngineAndEachPackageIsNamedOnce() throws Exception {
    client();
    assertThat(engine()).endsWith("apt-get install -y --no-install-recommends docker.io iptables");
    Files.delete(bin.resolve("docker"));
    assertThat(engine()).endsWith("apt-get install -y --no-install-recommends docker.io iptables");
    program("dockerd", "exit 0");
    program("iptables", "exit 0");
    assertThat(engine()).endsWith("apt-get install -y --no-install-recommends docker.io");
  }

  private void program(String name, String script) throws IOException {
    var file = bin.resolve(name);
    Files.writeString(file, "#!/bin/bash\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** What it says; the daemons that this machine has are out of sight. */
  private String engine(String... words) throws Exception {
    var lab = Files.createDirectories(directory.resolve("lab"));
    for (var name : List.of("engine", "lib.sh")) {
      var text = Files.readString(Path.of("../tests/lab", name));
      Files.writeString(lab.resolve(name), text.replace("/usr/sbin:/sbin", directory + "/none"));
    }
    var builder = new ProcessBuilder("/bin/bash", lab + "/engine").redirectErrorStream(true);
    builder.command().addAll(List.of(words));
    builder.environment().put("PATH", bin.toString());
    builder.environment().put("XDG_STATE_HOME", directory.resolve("state").toString());
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    var process = builder.start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output.strip();
  }
}
