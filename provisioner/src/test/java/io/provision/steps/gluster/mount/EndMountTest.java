package io.provision.steps.gluster.mount;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.HostName;
import io.provision.remote.Frame;
import io.provision.remote.Shells;
import io.provision.resource.LocalHost;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Repair;
import io.provision.step.Target;
import io.provision.steps.gluster.Declared;
import io.provision.steps.gluster.leave.GlusterUnmount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A volume that has left the inventory is unmounted with all that kept it mounted; a mount that is
 * in use stays with all of it. What the kernel lists as mounted decides, not what umount says.
 */
final class EndMountTest {
  private static final String GONE = ": >%s; ";

  @TempDir Path root;
  private Path mountPoint;
  private Path mounts;
  private Path calls;
  private MountUnits units;

  static List<List<String>> shells() {
    return Shells.here();
  }

  @BeforeEach
  void mount() throws IOException {
    mountPoint = Files.createDirectories(root.resolve("mnt/my-vol"));
    units =
        new MountUnits(
            Declared.volume(
                3,
                "{ name: shared, replica: 3, brick: /data/b/shared, mount: %s }"
                    .formatted(mountPoint)));
    for (var unit : units.files(new HostName("n1"), Declared.hosts(1))) {
      write(unit.path().substring(1), unit.text());
    }
    mounts = write("proc/self/mountinfo", "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n" + line());
    calls = write("calls", "");
  }

  private String line() {
    return "36 1 0:50 / %s rw shared:9 - fuse.glusterfs n1:/shared rw%n".formatted(mountPoint);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void whatKeptItMountedGoesWithTheMount(List<String> shell) throws IOException {
    for (var umount : List.of(GONE, GONE + "exit 32", GONE + "head -c 3000000 /dev/zero")) {
      mount();
      var ended = end(shell, umount.formatted(mounts));
      assertThat(ended.ok()).as(ended.output()).isTrue();
      assertThat(mountPoint).doesNotExist();
      assertThat(files("etc/systemd/system")).isEmpty();
      assertThat(Files.readString(calls))
          .contains("disable --quiet " + units.automount() + " " + units.keeper())
          .contains("daemon-reload");
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void aMountThatIsInUseStaysWithItsUnitsAndNamesItsUsers(List<String> shell) throws IOException {
    write("proc/77/comm", "nginx\n");
    Files.createSymbolicLink(root.resolve("proc/77/cwd"), mountPoint.resolve("www"));
    write("proc/78/comm", "innocent\n");
    Files.createSymbolicLink(root.resolve("proc/78/cwd"), Path.of(mountPoint + "2"));
    write("mnt/my-vol/file", "somebody's");
    var before = files("etc/systemd/system");
    for (var umount :
        List.of(
            "echo 'umount: target is busy.' >&2; exit 32",
            "exit 0",
            "exit 127",
            "kill -9 $$",
            "head -c 3000000 /dev/zero")) {
      write("calls", "");
      var ended = end(shell, umount);
      assertThat(ended.ok()).as(umount).isFalse();
      assertThat(ended.output())
          .contains("the mount at %s is in use by 77 (nginx) : end that".formatted(mountPoint));
      assertThat(files("etc/systemd/system")).isEqualTo(before);
      assertThat(mountPoint.resolve("file")).hasContent("somebody's");
      assertThat(Files.readAllLines(calls))
          .containsExactly("stop " + units.keeper(), "start --no-block " + units.keeper());
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void oneOfTwoMountsAboveEachOtherIsStillAMount(List<String> shell) throws IOException {
    Files.writeString(mounts, line() + line());
    var ended = end(shell, "sed -i 1d " + mounts);
    assertThat(ended.ok()).isFalse();
    assertThat(
            root.resolve(
                units.files(new HostName("n1"), Declared.hosts(1)).getFirst().path().substring(1)))
        .exists();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void whatLiesBeneathTheMountStaysAndIsTold(List<String> shell) throws IOException {
    var beneath = write("mnt/my-vol/beneath", "somebody's");
    var ended = end(shell, GONE.formatted(mounts));
    assertThat(ended.ok()).as(ended.output()).isTrue();
    assertThat(ended.output())
        .contains("say note: %s is not empty and stays".formatted(mountPoint));
    assertThat(beneath).hasContent("somebody's");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void whereNothingOfThisKindIsMountedNobodyIsUnmounted(List<String> shell) throws IOException {
    Files.writeString(mounts, line().replace("fuse.glusterfs", "nfs4"));
    var ended = end(shell, "echo unmounted >>%s".formatted(calls));
    assertThat(ended.ok()).as(ended.output()).isTrue();
    assertThat(calls).content().doesNotContain("unmounted");
  }

  /** Looks at this host, whose inventory does not name the volume, and does what the look gives. */
  private Frame end(List<String> shell, String umount) {
    var host =
        new LocalHost(root)
            .below(root)
            .in(shell.toArray(String[]::new))
            .program("umount", "[ \"$*\" = %s ] || exit 99%n%s".formatted(mountPoint, umount))
            .program("systemctl", "echo \"$*\" >>%s".formatted(calls))
            .program("chattr", "exit 0");
    var inventory = Declared.roleless(1);
    var target = new Target.OnHost(inventory.hosts().getFirst(), inventory);
    var step = new GlusterUnmount();
    var check = step.check(target, host.look(step.probes(target)), Known.NOTHING);
    var removal = ((Check.Leaving) check).departures().getFirst().removal();
    var scripts = ((Repair.OnHost) ((Check.Drift) removal).repair()).scripts();
    assertThat(scripts).hasSize(1);
    return host.attempt(scripts.getFirst());
  }

  private List<String> files(String directory) throws IOException {
    try (Stream<Path> files = Files.list(root.resolve(directory))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private Path write(String path, String text) throws IOException {
    var file = root.resolve(path);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }
}
