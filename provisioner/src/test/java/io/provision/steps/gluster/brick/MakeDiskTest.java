package io.provision.steps.gluster.brick;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.HostName;
import io.provision.remote.Frame;
import io.provision.remote.Shells;
import io.provision.resource.LocalHost;
import io.provision.step.Check;
import io.provision.step.Repair;
import io.provision.steps.gluster.Declared;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a look that saw an empty device leads to, minutes later: the file system is made on a device
 * that still is empty, and on no other. The device is a file here, and a file system is what the
 * stand-in for {@code mkfs} writes.
 */
final class MakeDiskTest {
  private static final String FILES_OF_SOMEBODY = "files of somebody\n".repeat(100);
  private static final String OURS = "11111111-2222-3333-4444-555555555555";
  private static final String OTHERS = "99999999-2222-3333-4444-555555555555";

  /** What can have come onto a device: a program's new answer, or a file of the kernel's. */
  private static final Map<String, String> SIGNS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("a file system", "blkid: printf 'UUID=9\\nTYPE=ext4\\nLABEL=photos\\n'"),
              Map.entry("a file system without a name", "blkid: echo TYPE=xfs"),
              Map.entry("a partition table", "blkid: echo PTTYPE=gpt"),
              Map.entry("several signatures", "blkid: exit 8"),
              Map.entry("what only wipefs knows", "wipefs: echo drbd"),
              Map.entry("a partition", "lsblk: printf 'sdb disk\\nsdb1 part\\n'"),
              Map.entry("a user", "sys/class/block/sdb/holders/dm-0: x"),
              Map.entry("a mount", "proc/self/mountinfo: 9 1 8:16 / /srv rw - ext4 /dev/sdb rw"),
              Map.entry("swap", "proc/swaps: %s partition 1 0 -2"),
              Map.entry("a lock", "blockdev: case $1 in --getsize64) echo 9 ;; *) echo 1 ;; esac"),
              Map.entry("nothing, for it is gone", "blockdev: exit 1"),
              Map.entry("no medium", "blockdev: echo 0"),
              Map.entry("a program that is gone", "blkid: exit 127"),
              Map.entry("a program that is killed", "blkid: kill -9 $$"),
              Map.entry("partitions that lsblk fails to tell", "lsblk: exit 1"),
              Map.entry(
                  "partitions alone that lsblk fails to tell",
                  "lsblk: case $* in *NAME*) exit 1 ;; *) echo ' 8:16 ' ;; esac"),
              Map.entry("an lsblk that is killed", "lsblk: kill -9 $$"),
              Map.entry("an lsblk that says nothing", "lsblk: exit 0"),
              Map.entry(
                  "a number that lsblk fails to tell",
                  "lsblk: case $* in *NAME*) echo sdb disk ;; *) exit 1 ;; esac"),
              Map.entry("signatures that wipefs fails to tell", "wipefs: exit 1"),
              Map.entry("an awk that is gone", "awk: exit 127"),
              Map.entry("garbage", "blkid: echo '$(id) `id` \" *'"),
              Map.entry("a megabyte", "blkid: head -c 1000000 /dev/zero | tr '\\0' =")));

  @TempDir Path root;
  private Path device;
  private Path unit;

  static List<List<String>> shells() {
    return Shells.here();
  }

  @BeforeEach
  void populate() throws IOException {
    device = write("dev/sdb", FILES_OF_SOMEBODY);
    unit = root.resolve("etc/systemd/system/data-gluster.mount");
    Files.createDirectories(unit.getParent());
    kernel();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void aDeviceThatWasFilledAfterTheLookKeepsWhatIsOnIt(List<String> shell) throws IOException {
    for (var sign : SIGNS.entrySet()) {
      for (var type : List.of("xfs", "ext4")) {
        kernel();
        var host = host(shell);
        var what = sign.getValue().split(": ", 2);
        if (what[0].contains("/")) {
          write(what[0], what[1].formatted(device) + "\n");
        } else {
          host.program(what[0], what[1]);
        }
        var ended = host.attempt(make(disk(type), "device=/dev/sdb\n"));
        assertThat(ended.ok()).as("%s on it", sign.getKey()).isFalse();
        assertThat(ended.output()).contains(device + " is not empty any more: ");
        assertThat(device).as("%s on it", sign.getKey()).hasContent(FILES_OF_SOMEBODY);
        assertThat(unit.getParent()).as("no unit claims it").isEmptyDirectory();
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void anEmptyDeviceGetsTheFileSystemThatItsUnitAlreadyNames(List<String> shell)
      throws IOException {
    for (var type : List.of("xfs", "ext4")) {
      populate();
      Files.deleteIfExists(unit);
      var ended = host(shell).attempt(make(disk(type), "device=/dev/sdb\n"));
      assertThat(ended.ok()).as(ended.output()).isTrue();
      var made = Files.readAllLines(device);
      assertThat(made).hasSize(2);
      assertThat(made.getFirst()).startsWith("mkfs.%s -q -".formatted(type)).doesNotContain(" -f ");
      var named = Pattern.compile("uuid=(\\S+)").matcher(made.get(1));
      assertThat(named.find()).isTrue();
      assertThat(made.getFirst()).contains(named.group(1));
      assertThat(unit).hasContent(disk(type).text(named.group(1)));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void aMakingThatWasInterruptedIsEndedByForceWhereItIsOurs(List<String> shell) throws IOException {
    var begun = "device=/dev/sdb\nsign=x\nuuid=%s\nunfinished=yes\nunit=%s\n";
    var text = disk("xfs").text(OURS);
    var seen =
        begun.formatted(
            OURS, Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
    for (var there : List.of(OURS, OTHERS)) {
      for (var inProgress : List.of("\1", "\0")) {
        Files.writeString(unit, text);
        var content = "x".repeat(126) + inProgress + "x\n";
        Files.writeString(device, content);
        var ended =
            host(shell).program("blkid", blkid("xfs", there)).attempt(make(disk("xfs"), seen));
        if (there.equals(OURS) && inProgress.equals("\1")) {
          assertThat(ended.ok()).as(ended.output()).isTrue();
          assertThat(device).content().startsWith("mkfs.xfs -q -f ").contains(OURS);
        } else {
          assertThat(ended.ok()).as("finished since, or another one's").isFalse();
          assertThat(device).hasContent(content);
        }
        assertThat(unit).hasContent(text);
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void whereItFailsTheUnitStaysSoThatTheNextRunKnowsWhoBegan(List<String> shell)
      throws IOException {
    var host = host(shell).program("mkfs.xfs", "echo 'mkfs.xfs: no space' >&2; exit 3");
    var ended = host.attempt(make(disk("xfs"), "device=/dev/sdb\n"));
    assertThat(ended.status()).isEqualTo(3);
    assertThat(ended.output()).contains("mkfs.xfs: no space", "ran 3 mkfs.xfs");
    assertThat(unit).content().contains("What=UUID=");
  }

  private static GlusterDisk.Disk disk(String type) {
    return new GlusterDisk.Disk(
        Declared.volume(
            3,
            "{ name: shared, replica: 3, brick: /data/gluster/shared, brick_device: /dev/sdb,"
                + " file_system: %s }".formatted(type)),
        "/dev/sdb");
  }

  /** What a check of this look gives to do first. */
  private static io.provision.remote.Script make(GlusterDisk.Disk disk, String seen) {
    var state = DiskState.read(new Frame(0, seen));
    var check = GlusterDisk.check(new HostName("n1"), disk, state, "enabled");
    return ((Repair.OnHost) ((Check.Drift) check).repair()).scripts().getFirst();
  }

  /** A host whose device is empty for every program. */
  private LocalHost host(List<String> shell) {
    var mkfs = "{ echo \"${0##*/} $*\"; sed -n 's/What=UUID=/uuid=/p' %1$s; } >%2$s";
    return new LocalHost(root)
        .below(root)
        .in(shell.toArray(String[]::new))
        .program(
            "blockdev", "case $1 in --getsize64) echo 9 ;; --getro) echo 0 ;; *) exit 9 ;; esac")
        .program("lsblk", "case $* in *NAME*) echo sdb disk ;; *MAJ:MIN*) echo ' 8:16 ' ;; esac")
        .program("blkid", "exit 2")
        .program("wipefs", "[ \"$1 $2 $3 $4\" = '-n --noheadings -O TYPE' ]")
        .program("sync", "exit 0")
        .program("mkfs.xfs", mkfs.formatted(unit, device))
        .program("mkfs.ext4", mkfs.formatted(unit, device));
  }

  private static String blkid(String type, String uuid) {
    return "case $* in *export*) printf 'TYPE=%1$s\\nUUID=%2$s\\n' ;; *TYPE*) echo %1$s ;;"
            .formatted(type, uuid)
        + " *UUID*) echo %s ;; *) exit 9 ;; esac".formatted(uuid);
  }

  private void kernel() throws IOException {
    write("proc/swaps", "Filename Type Size Used Priority\n");
    write("proc/self/mountinfo", "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n");
    write("proc/sys/kernel/random/uuid", OTHERS + "\n");
    Files.deleteIfExists(root.resolve("sys/class/block/sdb/holders/dm-0"));
    Files.deleteIfExists(root.resolve(".programs/awk")); // which would be a sign by itself
  }

  private Path write(String path, String text) throws IOException {
    var file = root.resolve(path);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }
}
