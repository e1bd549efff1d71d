package io.provision.steps;

import io.provision.local.DeskSettings;
import io.provision.local.LocalDesk;
import io.provision.model.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;

/** The operator's directory of published files, and the machine that has it. */
record Artifacts(Path directory) {
  /**
   * Puts a file there, with its line in the list of sums.
   *
   * @param id as lock files name it
   */
  Artifacts with(String id, String text) throws IOException {
    var file = directory.resolve("artifacts").resolve(id);
    Files.createDirectories(file.getParent());
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    Files.write(file, bytes);
    Files.writeString(
        file.resolveSibling("sha256sum.txt"),
        "%s  %s%n".formatted(Sha256.of(bytes).hex(), file.getFileName()),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    return this;
  }

  LocalDesk desk() {
    return new LocalDesk(
        new DeskSettings(
            Optional.of(directory.resolve("artifacts")),
            Optional.empty(),
            directory.resolve("cache"),
            Map.of(),
            _ -> {}));
  }
}
