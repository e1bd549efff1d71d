package io.provision.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Content;
import io.provision.model.LocalFile;
import io.provision.model.Sha256;
import io.provision.remote.Payload;
import io.provision.step.Check;
import io.provision.step.Repair;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

final class LargeFileTest extends PieceContract {
  private LargeFile copy() {
    return new LargeFile(
        new LocalFile(directory.resolve("here")),
        ManagedFile.of(directory + "/sub/there", Content.of("")));
  }

  @Override
  Piece drifting() throws IOException {
    Files.writeString(directory.resolve("here"), "0123456789".repeat(100_000));
    return copy();
  }

  @Test
  void itIsStreamedAndItsDigestDecides() throws IOException {
    var bytes = "0123456789".repeat(100_000).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    Files.write(directory.resolve("here"), bytes);
    var drift = (Check.Drift) check(copy());
    assertThat(((Repair.OnHost) drift.repair()).scripts())
        .singleElement()
        .satisfies(script ->
            assertThat(script.payloads())
                .extracting(payload -> ((Payload.Upload) payload).of())
                .containsExactly(new Payload.LocalFile(directory.resolve("here"), 1_000_000)));
    host.repair(drift.repair());
    assertThat(directory.resolve("sub/there")).hasBinaryContent(bytes);
    assertThat(check(copy())).isInstanceOf(Check.InSync.class);

    Files.writeString(directory.resolve("sub/there"), "x");
    assertThat(check(copy()))
        .isInstanceOfSatisfying(
            Check.Drift.class,
            again ->
                assertThat(again.changes().toString())
                    .contains("1 bytes", "1000000 bytes", Sha256.of(bytes).brief()));
  }
}
