package io.provision.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CustodyTest {
  @TempDir private Path directory;
  private Path file = Path.of("");
  private Path groups = Path.of("");
  private String group = "";
  private long self;

  @BeforeEach
  void write() throws IOException {
    file = Files.writeString(directory.resolve("file"), "");
    groups = directory.resolve("groups");
    var attributes = Files.readAttributes(file, PosixFileAttributes.class);
    group = attributes.group().getName();
    self = ((Number) Files.getAttribute(file, "unix:uid")).longValue();
    Files.writeString(groups, "%s:x:7:\n".formatted(group));
  }

  private Optional<String> complaint(Custody custody) {
    return custody.complaint(file).map(Custody.Complaint::what);
  }

  private Custody own() {
    return new Custody(self, Optional.empty(), groups);
  }

  @ParameterizedTest
  @CsvSource({
    "rw-------, ''",
    "r--------, ''",
    "rwxr-xr-x, ''",
    "rw-r--rw-, everybody",
    "rw-----w-, everybody",
  })
  void whatOthersCanWriteIsToldByItsMode(String mode, String who) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    assertThat(complaint(own()).orElse("")).contains(who);
    assertThat(complaint(own()).isPresent()).isEqualTo(!who.isEmpty());
  }

  @Test
  void aGroupMayWriteWhereItIsTheOwnersAloneAndElseNot() throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-r--"));
    var owner = Files.getOwner(file).getName();
    if (owner.equals(group)) {
      assertThat(complaint(own())).isEmpty();
    }
    Files.writeString(groups, "%s:x:7:mallory\n".formatted(group));
    assertThat(complaint(own()).orElse("")).contains("group " + group);
    Files.writeString(groups, "");
    assertThat(complaint(own()).orElse("")).contains("group " + group);
  }

  /** The file stays, we become somebody else. Root's files are everybody's to trust. */
  @Test
  void anothersFileIsNotTrusted() {
    var stranger = new Custody(self + 4711, Optional.empty(), groups);
    if (self == 0) {
      assertThat(complaint(stranger)).isEmpty();
    } else {
      assertThat(complaint(stranger).orElse("")).contains("belongs to user");
      assertThat(complaint(new Custody(0, Optional.of(self), groups))).isEmpty();
    }
  }

  @Test
  void ofRootAFileOfSomebodyElseIsNotTrustedButOfWhoeverCalledSudo() throws IOException {
    if (self != 0) {
      return; // only root gives files away
    }
    Files.setAttribute(file, "unix:uid", 4711);
    assertThat(complaint(own()).orElse("")).contains("belongs to user 4711");
    assertThat(complaint(Custody.ofThisProcess(Map.of())).orElse("")).contains("4711");
    assertThat(complaint(Custody.ofThisProcess(Map.of("SUDO_UID", "4711")))).isEmpty();
    assertThat(complaint(Custody.ofThisProcess(Map.of("SUDO_UID", "4712")))).isPresent();
    assertThat(complaint(Custody.ofThisProcess(Map.of("SUDO_UID", "x")))).isPresent();
  }

  @Test
  void aDeviceOrWhatIsNotThereIsNobodysDoing() {
    file = Path.of("/dev/full");
    assertThat(complaint(own())).isEmpty();
    file = directory.resolve("gone");
    assertThat(complaint(own())).isEmpty();
  }
}
