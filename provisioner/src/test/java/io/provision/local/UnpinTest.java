package io.provision.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.desk.DeskException;
import io.provision.files.Custody;
import io.provision.model.Sha256;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnpinTest {
  private static final Sha256 DIGEST = Sha256.of(new byte[] {1});

  @TempDir Path directory;

  @Test
  void onlyThePinsThatAreNamedAreTakenOut() throws DeskException {
    var file = directory.resolve("provision.lock");
    var custody = Custody.ofThisProcess(Map.of());
    PinFile.add(file, Map.of("a/v1/any/a", DIGEST, "ab/v1/any/a", DIGEST), custody);
    PinFile.remove(file, Set.of("a/v1/any/a", "never/was/any/there"), custody);
    assertThat(PinFile.read(file, custody)).containsOnlyKeys("ab/v1/any/a");
    assertThat(Files.exists(file)).isTrue();
  }
}
