package io.provision.steps.gluster.brick;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.HostName;
import io.provision.remote.Frame;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.steps.gluster.Declared;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

final class GlusterDiskTest {
  private static final HostName N1 = new HostName("n1");
  private static final String OURS = "11111111-2222-3333-4444-555555555555";
  private static final GlusterDisk.Disk DISK =
      new GlusterDisk.Disk(
          Declared.volume(
              3,
              "{ name: shared, replica: 3, brick: /data/gluster/shared, brick_device: /dev/sdb }"),
          "/dev/sdb");

  @Test
  void anEmptyDeviceGetsAFileSystemThatIsMounted() {
    assertThat(drift("device=/dev/sdb\n", "").changes())
        .extracting(Change::toString)
        .anySatisfy(it -> assertThat(it).contains("xfs on /dev/sdb", "empty"))
        .anySatisfy(it -> assertThat(it).contains("data-gluster.mount"))
        .anySatisfy(it -> assertThat(it).contains("mount /data/gluster"));
  }

  @Test
  void whateverIsOnADeviceStaysThereAndIsNamed() {
    var refused = refused("device=/dev/sdb\nsign=it has a signature of ext4, label photos\n");
    assertThat(refused.what())
        .isEqualTo("/dev/sdb is not empty: it has a signature of ext4, label photos");
    assertThat(refused.remedy()).contains("nothing is ever made on such a device", "wipefs -a");
  }

  @Test
  void aMakingThatWasInterruptedIsEndedWhereOurUnitNamesIt() {
    var begun =
        "device=/dev/sdb\nsign=it has a signature of xfs\nuuid=%s\nunfinished=yes\n"
            .formatted(OURS);
    assertThat(refused(begun).what()).contains("not empty");
    assertThat(drift(begun + unit(OURS), "").changes())
        .extracting(Change::toString)
        .anySatisfy(it -> assertThat(it).contains("begun and not finished"));
  }

  @Test
  void anInterruptionBeforeTheFirstByteIsEndedWithTheSameUuid() {
    assertThat(drift("device=/dev/sdb\n" + unit(OURS), "").changes())
        .extracting(Change::subject)
        .contains("xfs on /dev/sdb")
        .doesNotContain("/etc/systemd/system/data-gluster.mount");
  }

  @Test
  void aFileSystemOfOursIsMountedAndNeverMadeAnew() {
    var there = "device=/dev/sdb\nsign=it has a signature of xfs\nuuid=" + OURS + "\n";
    assertThat(drift(there + unit(OURS), "enabled").changes())
        .singleElement()
        .satisfies(it -> assertThat(it.subject()).isEqualTo("mount /data/gluster"));
    var mounted = there + "mounted=/dev/sdb\nmounted_uuid=" + OURS + "\n" + unit(OURS);
    assertThat(check(mounted, "enabled")).isInstanceOf(Check.InSync.class);
  }

  @Test
  void namesOfDevicesMayChangePlaces() {
    var elsewhere = "device=/dev/sdb\nsign=it has a signature of ntfs\nelsewhere=/dev/sdc\n";
    assertThat(drift(elsewhere + unit(OURS), "enabled").changes())
        .singleElement()
        .satisfies(it -> assertThat(it.subject()).isEqualTo("mount /data/gluster"));
    var mounted = "device=/dev/sdb\nmounted=/dev/sdc\nmounted_uuid=" + OURS + "\n" + unit(OURS);
    assertThat(check(mounted, "enabled")).isInstanceOf(Check.InSync.class);
  }

  @Test
  void anotherDeviceThatIsMountedThereIsRefused() {
    var other = "device=/dev/sdb\nmounted=/dev/sdc\nmounted_uuid=99\n";
    assertThat(refused(other).what())
        .isEqualTo("/dev/sdc is mounted at /data/gluster, and the inventory says /dev/sdb");
  }

  @Test
  void aDeviceThatIsMountedByHandKeepsItsFileSystemAndIsMountedAtBoot() {
    var byHand = "device=/dev/sdb\nmounted=/dev/sdb\nmounted_uuid=" + OURS + "\n";
    assertThat(drift(byHand, "").changes())
        .extracting(Change::subject)
        .containsExactly("/etc/systemd/system/data-gluster.mount", "unit data-gluster.mount");
    assertThat(check(byHand + "fstab=yes\n", "")).isInstanceOf(Check.InSync.class);
  }

  @Test
  void nothingIsMountedOverFiles() {
    assertThat(refused("device=/dev/sdb\noccupied=yes\n").what()).contains("is not empty");
  }

  @Test
  void aDeviceThatIsNotThereIsRefusedWithTheKeyForOneHost() {
    var refused = refused("");
    assertThat(refused.what()).isEqualTo("there is no block device /dev/sdb");
    assertThat(refused.remedy()).contains("brick_devices");
  }

  private static String unit(String uuid) {
    var text = DISK.text(uuid).getBytes(StandardCharsets.UTF_8);
    return "unit=%s\n".formatted(Base64.getEncoder().encodeToString(text));
  }

  private static Check.Refused refused(String seen) {
    return (Check.Refused) check(seen, "");
  }

  private static Check.Drift drift(String seen, String boot) {
    return (Check.Drift) check(seen, boot);
  }

  private static Check check(String seen, String boot) {
    return GlusterDisk.check(N1, DISK, DiskState.read(new Frame(0, seen)), boot);
  }
}
