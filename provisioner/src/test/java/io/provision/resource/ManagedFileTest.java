package io.provision.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.provision.model.Content;
import io.provision.model.Secret;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Repair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;

final class ManagedFileTest extends PieceContract {
  @Override
  Piece drifting() throws IOException {
    Files.writeString(directory.resolve("secret"), "old");
    return Pieces.all(
        ManagedFile.of(directory + "/sub dir/it's", Content.of("eins\nzwei\n")),
        ManagedFile.of(directory + "/secret", new Content.Sensitive(Secret.of(CANARY))));
  }

  @Test
  void showsWhatIsAndWhatShouldBeAndWritesExactBytes() throws IOException {
    var path = directory.resolve("a");
    Files.writeString(path, "old\n");
    var file = ManagedFile.of(path.toString(), Content.of("näu\r\nno line end"));
    var drift = (Check.Drift) check(file);
    assertThat(drift.changes())
        .contains(
            new Change(
                Change.Action.UPDATE,
                path.toString(),
                new Change.Detail.Text("old\n", "näu\r\nno line end")));
    host.repair(drift.repair());
    assertThat(Files.readString(path)).isEqualTo("näu\r\nno line end");
  }

  @Test
  void mendsTheModeWithoutWritingTheFileAnew() throws IOException {
    var path = directory.resolve("a");
    Files.writeString(path, "same");
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw-rw-"));
    var inode = Files.getAttribute(path, "unix:ino");
    var file = ManagedFile.of(path.toString(), Content.of("same"));
    var drift = (Check.Drift) check(file);
    assertThat(drift.changes())
        .containsExactly(
            Change.of(Change.Action.UPDATE, path.toString(), "mode 0666", "mode 0644"));
    host.repair(drift.repair());
    assertThat(Files.getAttribute(path, "unix:ino")).isEqualTo(inode);
    assertThat(check(file)).isInstanceOf(Check.InSync.class);
  }

  @Test
  void writesThroughASymbolicLinkAndKeepsIt() throws IOException {
    Files.writeString(directory.resolve("target"), "old");
    Files.createSymbolicLink(directory.resolve("link"), directory.resolve("target"));
    var file = ManagedFile.of(directory + "/link", Content.of("new"));
    host.repair(((Check.Drift) check(file)).repair());
    assertThat(directory.resolve("link")).isSymbolicLink();
    assertThat(Files.readString(directory.resolve("target"))).isEqualTo("new");
  }

  @Test
  void removesWhatAKilledRunLeftBehind() throws IOException {
    var left = Files.createDirectory(directory.resolve(".provision-new.a"));
    Files.writeString(left.resolve("new"), "half");
    host.repair(((Check.Drift) check(ManagedFile.of(directory + "/a", Content.of("x")))).repair());
    assertThat(left).doesNotExist();
    try (var files = Files.list(directory)) {
      assertThat(files.map(it -> it.getFileName().toString()))
          .containsExactlyInAnyOrder("a", ".programs");
    }
  }

  @Test
  void refusesADirectoryInItsPlace() throws IOException {
    Files.createDirectory(directory.resolve("a"));
    assertThat(check(ManagedFile.of(directory + "/a", Content.of("x"))))
        .isInstanceOf(Check.Refused.class);
  }

  @Test
  void saysThatAFullFileSystemIsFullAndLeavesTheOldFile() throws IOException {
    Files.writeString(directory.resolve("a"), "old");
    host.program("head", "head() { :; }; echo 'head: No space left on device' >&2; exit 1");
    host.program("df", "echo Filesystem; echo 'tmpfs 1 1 0 100% /small'");
    var drift = (Check.Drift) check(ManagedFile.of(directory + "/a", Content.of("new")));
    var ended = host.attempt(((Repair.OnHost) drift.repair()).scripts().getFirst());
    assertThat(ended.ok()).isFalse();
    assertThat(ended.output()).contains("No space left", "the file system /small is full");
    assertThat(Files.readString(directory.resolve("a"))).isEqualTo("old");
  }

  @Test
  void refusesAModeThatLetsOthersReadASecret() {
    var secret = ManagedFile.of("/etc/a", new Content.Sensitive(Secret.of("x")));
    assertThat(secret.mode()).isEqualTo(FileMode.PRIVATE);
    assertThatThrownBy(() -> secret.withMode(FileMode.PUBLIC)).hasMessageContaining("0644");
  }

  @Test
  void refusesPathsThatAreNotPlain() {
    for (var path : new String[] {"a", "/a/../b", "/a//b", "/a/", "/", "/a\nb", "/a\\b", "/a/."}) {
      assertThatThrownBy(() -> ManagedFile.of(path, Content.of("")))
          .as(path)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
