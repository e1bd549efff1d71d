package io.provision.engine.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.engine.NoDesk;
import io.provision.model.Sha256;
import io.provision.remote.Call;
import io.provision.remote.Frame;
import io.provision.remote.Payload;
import io.provision.remote.PayloadStream.Portion;
import io.provision.remote.ShellFunction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a host says that it has is believed by its digest alone. */
final class UploadsTest {
  private static final int MIB = 1 << 20;
  private static final int SIZE = 40 * MIB;
  private static final ShellFunction NONE = new ShellFunction("none", ":");

  @TempDir Path directory;
  private final byte[] bytes = new byte[SIZE];
  private final Uploads uploads = new Uploads(new NoDesk());
  private Payload.Upload upload;

  @BeforeEach
  void setUp() throws Exception {
    new Random(3).nextBytes(bytes);
    var file = Files.write(directory.resolve("file"), bytes);
    upload = upload(file, SIZE);
  }

  private static Payload.Upload upload(Path file, long size) {
    return new Payload.Upload(
        new Payload.LocalFile(file, size),
        Call.of(NONE, "look", file.toString()),
        Call.of(NONE, "begin", file.toString()));
  }

  @Test
  void aBeginningIsGoneOnWith() throws Exception {
    for (var size : new int[] {1, 10 * MIB + 5, SIZE}) {
      assertThat(rest(answer(size, digest(size)))).isEqualTo(new Portion(size, SIZE, SIZE, false));
    }
  }

  @Test
  void whatIsNoBeginningIsNot() throws Exception {
    for (var answer :
        List.of(
            "",
            "garbage",
            answer(10, digest(11)),
            answer(-1, digest(1)),
            answer(SIZE + 1, digest(SIZE)),
            answer(10, digest(10)) + "\n" + answer(10, digest(10)),
            "999999999999999999999 " + digest(10))) {
      assertThat(rest(answer)).as(answer).isEqualTo(new Portion(0, SIZE, SIZE, false));
    }
  }

  @Test
  void whereAHostDoesNotAnswerItHasNothing() throws Exception {
    var parts = uploads.parts(List.of(upload), List.of());
    assertThat(uploads.rest(upload, parts, false).portion().orElseThrow().from()).isZero();
  }

  @Test
  void aTrialIsTheBeginningOfTheFirstWhereMuchIsToBeSent() throws Exception {
    assertThat(uploads.trial(List.of(upload)).orElseThrow().streams())
        .singleElement()
        .satisfies(stream -> {
          assertThat(stream.portion()).contains(new Portion(0, 4L * MIB, SIZE, false));
          assertThat(stream.source().open().readAllBytes())
              .isEqualTo(Arrays.copyOf(bytes, 4 * MIB));
        });
    var small = upload(Files.write(directory.resolve("small"), new byte[31 * MIB]), 31 * MIB);
    assertThat(uploads.trial(List.of(small))).isEmpty();
    var other = upload(Files.write(directory.resolve("other"), new byte[MIB]), MIB);
    var trial = uploads.trial(List.of(small, other)).orElseThrow();
    assertThat(trial.script().call()).isEqualTo(small.begin());
  }

  @Test
  void whatATrialBroughtIsThereAndIsNoNews() throws Exception {
    var then = uploads.tried(Uploads.Parts.NONE, upload);
    assertThat(uploads.rest(upload, then, false).portion())
        .contains(new Portion(4L * MIB, SIZE, SIZE, false));
    assertThat(uploads.told(List.of(upload), Uploads.Parts.NONE)).isEmpty();
    assertThat(uploads.told(List.of(upload), parts(10 * MIB)))
        .containsExactly(directory.resolve("file") + ": 10 of 40 MiB are there since before");
  }

  /** What was found counts for the whole run: who sends it tells that it is another one by now. */
  @Test
  void aFileThatChangesMeanwhileHasTheSizeThatWasFound() throws Exception {
    assertThat(parts(10 * MIB).sizes()).hasSize(1);
    Files.write(directory.resolve("file"), new byte[MIB]);
    for (var isSlow : new boolean[] {false, true}) {
      assertThat(uploads.rest(upload, uploads.tried(Uploads.Parts.NONE, upload), isSlow).portion())
          .contains(new Portion(4L * MIB, SIZE, SIZE, false));
    }
  }

  private Portion rest(String answer) throws Exception {
    var parts = uploads.parts(List.of(upload), List.of(new Frame(0, answer)));
    var rest = uploads.rest(upload, parts, false);
    assertThat(rest.size())
        .isEqualTo(rest.portion().orElseThrow().upto() - rest.portion().orElseThrow().from());
    return rest.portion().orElseThrow();
  }

  private Uploads.Parts parts(int size) throws Exception {
    return uploads.parts(List.of(upload), List.of(new Frame(0, answer(size, digest(size)))));
  }

  private static String answer(int size, String digest) {
    return "%d %s".formatted(size, digest);
  }

  private String digest(int size) {
    return Sha256.of(Arrays.copyOf(bytes, size)).hex();
  }
}
