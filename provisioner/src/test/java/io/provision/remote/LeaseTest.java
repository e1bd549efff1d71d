package io.provision.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class LeaseTest {
  @TempDir Path directory;

  @Test
  void endingALockEndsWhoHoldsItAndNotWhoeverEndsIt() throws Exception {
    var lock = Files.createFile(directory.resolve("lock")).toRealPath().toString();
    var holder =
        new ProcessBuilder("/bin/sh", "-c", "exec 9>>$0; flock 9; echo held; exec sleep 600", lock)
            .start();
    try {
      assertThat(holder.inputReader().readLine()).isEqualTo("held");
      var script =
          "exec 9>>%s; lock_holders() {\n%s\n}; end_lock() {\n%s\n}; (end_lock); echo \"ended $?\""
              .formatted(
                  lock,
                  Lease.HOLDERS.body().replace("/run/provision/lock", lock),
                  Lease.END.body());
      var ending = new ProcessBuilder("/bin/sh", "-uc", script).start();

      assertThat(ending.inputReader().readLine()).isEqualTo("ended 0");
      assertThat(holder.waitFor()).isEqualTo(128 + 15);
    } finally {
      holder.destroyForcibly();
    }
  }
}
