package io.provision.cli.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Units with paths of every kind, and what systemd itself says of them. */
final class UnitTextTest {
  private static final Path ANALYZE = Path.of("/usr/bin/systemd-analyze");
  private static final String ODD = "a b %h $HOME \"c\" \\d";

  @TempDir Path directory;

  private UnitText text(Path launcher) {
    return new UnitText(
        "home",
        List.of(launcher.toString(), "rotate", "/inv/" + ODD + ".yml"),
        Map.of("HOME", "/home/" + ODD),
        List.of("Sat *-*-* 02:00:00 Asia/Seoul"));
  }

  @Test
  void nothingInAPathMeansAnythingToSystemd() {
    assertThat(text(Path.of("/opt/" + ODD)).units().service().lines())
        .contains(
            "Environment=\"HOME=/home/a b %%h $HOME \\\"c\\\" \\\\d\"",
            "ExecStart=\"/opt/a b %%h $HOME \\\"c\\\" \\\\d\" \"rotate\""
                + " \"/inv/a b %%h $$HOME \\\"c\\\" \\\\d.yml\"");
  }

  @Test
  void bothAreOfTheirClusterAndKnownAsOurs() {
    var units = text(Path.of("/opt/provision")).units();
    assertThat(units.name())
        .isEqualTo("provision-rotate-home")
        .isEqualTo(UnitText.named("home").name());
    assertThat(units.mark()).isEqualTo(UnitText.named("home").mark());
    assertThat(units.service().lines()).contains(units.mark());
    assertThat(units.timer().lines()).contains(units.mark());
  }

  @Test
  void systemdTakesThem() throws Exception {
    assumeTrue(Files.isExecutable(ANALYZE), "systemd-analyze is not here");
    var launcher = Files.createFile(directory.resolve("a b %h $HOME"));
    Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwx------"));
    var units = text(launcher).units();
    assertThat(verified("good", units.service(), units.timer())).isEmpty();
    assertThat(verified("bad", units.service().replace("ExecStart=", "ExecStrat="), units.timer()))
        .as("it does look")
        .isNotEmpty();
  }

  private String verified(String folder, String service, String timer) throws Exception {
    var units = Files.createDirectory(directory.resolve(folder));
    Files.writeString(units.resolve("provision-rotate-home.service"), service);
    var file = Files.writeString(units.resolve("provision-rotate-home.timer"), timer);
    var process =
        new ProcessBuilder(ANALYZE.toString(), "verify", file.toString())
            .redirectErrorStream(true)
            .start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
