package io.provision.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.remote.FunctionsRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import org.assertj.core.api.Condition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher in a checkout of its own, with a JDK and a Maven that only write down their use. */
final class LauncherTest {
  private static final Instant LONG_AGO = Instant.now().minusSeconds(86_400);

  @TempDir private Path directory;
  private Path top;
  private Path bin;
  private Path launch;

  @BeforeEach
  void aCheckout() throws IOException {
    top = Files.createDirectories(directory.resolve("a checkout 'ü"));
    bin = Files.createDirectories(directory.resolve("bin"));
    launch = top.resolve("provisioner/target/launch");
    var scripts = Files.createDirectories(top.resolve("provisioner/src/main/sh"));
    copy(Path.of("../provision"), top.resolve("provision"));
    try (var files = Files.list(Path.of("src/main/sh"))) {
      for (var file : files.toList()) {
        copy(file, scripts.resolve(file.getFileName()));
      }
    }
    old(Files.writeString(top.resolve("pom.xml"), ""));
    old(Files.writeString(top.resolve("provisioner/pom.xml"), ""));
    var jdk = directory.resolve("jdk");
    Files.createDirectories(jdk.resolve("bin"));
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25\"\n");
    program(
        jdk.resolve("bin/javac"),
        "[ ! -e '%s/broken-rehearsal' ] || exit 1; printf '%%s\\n' \"$@\" >>'%s/compiled'"
            .formatted(directory, directory));
    program(
        jdk.resolve("bin/java"),
        """
        for word do
          case $word in
            -XX:AOTCacheOutput=*)
              mkdir '%s/recording' || echo overlap >>'%s/records'
              echo "$word" >>'%s/records'
              sleep 0.1
              rmdir '%s/recording'
              echo cache >"${word#*=}"
              ;;
            io.provision.cli.Main)
              [ ! -e /proc/$$/fd/9 ] || echo "it holds the lock of a build"
              printf '%%s' "$PROVISION_LAUNCHER" >'%s/launcher'
              echo "$word"
              ;;
            io.provision.cli.*) echo "$word" ;;
          esac
        done\
        """
            .formatted(directory, directory, directory, directory, directory));
    program(
        bin.resolve("mvn"),
        """
        echo built >>'%s/builds'
        [ ! -e '%s/broken' ] || { echo '[ERROR] no such symbol'; exit 1; }
        mkdir -p '%s/provisioner/target/lib'
        : >'%s/provisioner/target/provisioner.jar'\
        """
            .formatted(directory, directory, quoted(top), quoted(top)));
  }

  @Test
  void buildsAtTheFirstTimeAndAgainOnlyWhereSomethingIsNewer() throws Exception {
    assertThat(run()).endsWith("io.provision.cli.Main");
    assertThat(builds()).isEqualTo(1);
    assertThat(launch.resolve("provision.aot")).hasContent("cache");
    assertThat(launch.resolve("words.aot")).hasContent("cache");
    assertThat(launch.resolve("stage")).doesNotExist();
    assertThat(launch.resolve("rehearsal")).doesNotExist();
    assertThat(Files.readAllLines(directory.resolve("compiled")))
        .contains(launch.resolve("rehearsal").toString())
        .filteredOn(it -> it.endsWith(".java"))
        .allSatisfy(it -> assertThat(Path.of(it).getFileName()).is(ofTheRehearsal()));

    assertThat(run()).isEqualTo("io.provision.cli.Main");
    assertThat(builds()).isEqualTo(1);

    Files.setLastModifiedTime(
        top.resolve("provisioner/pom.xml"), FileTime.from(Instant.now().plusSeconds(60)));
    assertThat(run()).endsWith("io.provision.cli.Main");
    assertThat(builds()).isEqualTo(2);
  }

  /** What a timer of this machine is told to start. */
  @Test
  void theProgramKnowsWhatHasStartedIt() throws Exception {
    var _ = run();
    assertThat(directory.resolve("launcher")).hasContent(top.resolve("provision").toString());
  }

  private static Condition<Path> ofTheRehearsal() {
    var place = Path.of("src/test/java/io/provision/rehearsal");
    return new Condition<>(it -> Files.exists(place.resolve(it)), "a file in %s", place);
  }

  @Test
  void aRehearsalThatDoesNotCompileCostsNothingButTheCache() throws Exception {
    Files.createFile(directory.resolve("broken-rehearsal"));
    assertThat(run()).endsWith("io.provision.cli.Main");
    assertThat(launch.resolve("provision.aot")).doesNotExist();
    assertThat(run()).isEqualTo("io.provision.cli.Main");
  }

  @Test
  void aBuildThatFailsSaysWhyAndStartsNothing() throws Exception {
    Files.createFile(directory.resolve("broken"));
    assertThat(run())
        .contains("[ERROR] no such symbol", "the build failed", "build.log")
        .doesNotContain("io.provision.cli.Main");
    assertThat(launch.resolve("built")).doesNotExist();
    Files.delete(directory.resolve("broken"));
    assertThat(run()).endsWith("io.provision.cli.Main");
  }

  /** At the first time, and where only the cache is to be made anew. */
  @Test
  void twoAtOnceBuildAndRecordOnceAndNobodyWaitsForAProgramThatRuns() throws Exception {
    atOnce();
    assertThat(builds()).isEqualTo(1);
    assertThat(records()).hasSize(2).doesNotContain("overlap");
    Files.delete(launch.resolve("cache.key"));
    atOnce();
    assertThat(builds()).isEqualTo(1);
    assertThat(records()).hasSize(4).doesNotContain("overlap");
  }

  @Test
  void whoHasToWaitForAnotherOneIsToldSo() throws Exception {
    program(bin.resolve("flock"), "[ \"$1\" != -n ] || exit 1");
    assertThat(run()).contains("another one is building it").endsWith("io.provision.cli.Main");
    Files.delete(bin.resolve("flock"));
    Files.delete(launch.resolve("cache.key"));
    assertThat(run()).isEqualTo("io.provision.cli.Main");
  }

  /** Another user's, for example: a link to nowhere is one that root cannot read either. */
  @Test
  void aLockThatCannotBeOpenedIsSaidAndCostsNoMoreThanItMust() throws Exception {
    assertThat(run()).endsWith("io.provision.cli.Main");
    Files.delete(launch.resolve("cache.key"));
    Files.delete(launch.resolve("lock"));
    Files.createSymbolicLink(launch.resolve("lock"), directory.resolve("none/lock"));
    assertThat(run()).isEqualTo("io.provision.cli.Main");
    Files.delete(launch.resolve("built"));
    assertThat(run()).contains("cannot build", "/lock").doesNotContain("io.provision.cli.Main");
  }

  private void atOnce() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var both = List.of(threads.submit(this::run), threads.submit(this::run));
      for (var one : both) {
        assertThat(one.get()).endsWith("io.provision.cli.Main").doesNotContain("holds the lock");
      }
    }
  }

  private List<String> records() throws IOException {
    return Files.readAllLines(directory.resolve("records"));
  }

  private long builds() throws IOException {
    return Files.readAllLines(directory.resolve("builds")).size();
  }

  private static void copy(Path from, Path to) throws IOException {
    old(Files.writeString(to, FunctionsRun.traced(Files.readString(from))));
  }

  private static void old(Path file) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(LONG_AGO));
  }

  private static String quoted(Path path) {
    return path.toString().replace("'", "'\\''");
  }

  private static void program(Path file, String script) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private String run() throws Exception {
    var command = new ArrayList<>(List.of("sh", top.resolve("provision").toString(), "status"));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("PATH", bin + ":/usr/bin:/bin");
    builder.environment().put("JAVA_HOME", directory.resolve("jdk").toString());
    builder.redirectInput(Path.of("/dev/null").toFile());
    var process = builder.start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output.strip();
  }
}
