package io.provision.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.step.Probes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is for root alone on a host does not leave it, where only what others may read is wanted.
 */
class PublicTextTest {
  @TempDir Path directory;

  @Test
  void theTextOfAPrivateFileStaysOnItsHost() throws IOException {
    var host = new LocalHost(directory);
    var file = Files.writeString(directory.resolve("file"), "password");
    var link = Files.createSymbolicLink(directory.resolve("link"), file);
    for (var path : new Path[] {file, link}) {
      var asked = io.provision.resource.Files.publicText(path.toString());
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
      assertThat(host.look(Probes.of(asked)).of(asked).text()).isPresent();
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
      var seen = host.look(Probes.of(asked)).of(asked);
      assertThat(seen.text()).as("%s", path).isEmpty();
      assertThat(seen.sha256()).isPresent();
    }
  }
}
