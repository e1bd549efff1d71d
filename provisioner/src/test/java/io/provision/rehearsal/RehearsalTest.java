package io.provision.rehearsal;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RehearsalTest {
  /** It throws where a command does not end as it should; a cache would be made without it. */
  @Test
  void theRehearsalGoesTheWholeWay(@TempDir Path stage) throws Exception {
    Rehearsal.run(stage.toRealPath());
  }
}
