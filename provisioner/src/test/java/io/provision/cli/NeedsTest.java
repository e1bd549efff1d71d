package io.provision.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.remote.FunctionsRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the launcher and the suite install where it is missing, with nothing but fakes in the PATH.
 */
class NeedsTest {
  private static final String SBIN = "/usr/sbin/";

  @TempDir private Path bin;

  @BeforeEach
  void aptGetSaysWhatItWasToldTo() throws IOException {
    program("apt-get", "echo \"apt-get $*\" >&2");
    program("env", "shift; exec \"$@\"");
    program("id", "echo 0");
  }

  @Test
  void anEngineThatAnswersIsAllThatIsNeeded() throws Exception {
    program("docker", "exit 0");
    assertThat(all("need_engine && echo enough")).isEqualTo("enough");
  }

  @Test
  void aDaemonThatTheSystemStartsIsAnEngine() throws Exception {
    program("docker", "exit 1");
    program("systemctl", "[ \"$*\" = 'cat docker.service' ]");
    assertThat(all("need_engine && echo enough")).isEqualTo("enough");
  }

  @Test
  void aClientWithoutADaemonIsNoEngine() throws Exception {
    program("docker", "echo 'Cannot connect to the Docker daemon' >&2; exit 1");
    program("iptables", "exit 0");
    assertThat(shell("need_engine")).contains("apt-get install").endsWith(" docker.io");
  }

  @Test
  void aDaemonThatCanBeStartedIsAnEngine() throws Exception {
    program("docker", "exit 1");
    program("dockerd", "exit 0");
    program("iptables", "exit 0");
    assertThat(all("need_engine && echo enough")).isEqualTo("enough");
  }

  @Test
  void aPackageOfTwoProgramsIsInstalledOnce() throws Exception {
    assertThat(shell("need one=both two=both three=other")).endsWith(" both other");
  }

  private void program(String name, String script) throws IOException {
    var file = bin.resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** The last line of what it prints. */
  private String shell(String script) throws Exception {
    return all(script).lines().reduce("", (_, last) -> last);
  }

  /**
   * What it prints, which says what is installed; what the machine has in {@code /usr/sbin} is out
   * of sight.
   */
  private String all(String script) throws Exception {
    var text = Files.readString(Path.of("src/main/sh/needs.sh")).replace(SBIN, bin + "/none/");
    var needs = FunctionsRun.traced(text);
    var builder =
        new ProcessBuilder("/bin/sh", "-uc", needs + "\n" + script).redirectErrorStream(true);
    builder.environment().put("PATH", bin.toString());
    builder.environment().put("PROVISION_INSTALL", "yes");
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    var process = builder.start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output.strip();
  }
}
