package io.provision.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.desk.Outside;
import io.provision.desk.Outside.Ended;
import io.provision.desk.Outside.Occasion;
import io.provision.model.rotation.OwnCheck;
import io.provision.model.rotation.OwnCheck.Asked;
import io.provision.model.rotation.OwnCheck.Wanted;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Web servers, a Prometheus and programs, right ones and others. */
@Timeout(60)
final class LocalOutsideTest {
  private static final Duration LONG = Duration.ofSeconds(50);

  /** Of what would never end. */
  private static final Duration SHORT = Duration.ofSeconds(1);

  /** Within which a shell has begun, however busy a machine is. */
  private static final Duration SOON = Duration.ofSeconds(8);

  @TempDir Path directory;

  private final Outside outside =
      new LocalOutside(
          Map.of("PATH", "/usr/local/bin:/usr/bin:/bin", "LANG", "kept", "MINE", "s3cret"));

  private Occasion occasion() {
    return new Occasion(directory, Map.of("PROVISION_HOST", "w1"));
  }

  private Optional<String> missing(Asked asked, Duration within) throws Exception {
    return outside.missing(new OwnCheck("it", asked, within), occasion());
  }

  private Optional<String> web(URI url, Optional<Integer> status) throws Exception {
    return missing(new OwnCheck.Web(url, status), LONG);
  }

  private Ended run(Duration within, String... command) throws Exception {
    return outside.run(List.of(command), within, occasion());
  }

  private Ended shell(Duration within, String script) throws Exception {
    return run(within, "/bin/sh", "-c", script);
  }

  private static void program(Path file, String text) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + text + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  @ParameterizedTest
  @CsvSource({
    "200,,true",
    "299,,true",
    "300,,false",
    "404,,false",
    "503,,false",
    "404,404,true",
    "200,404,false",
    "302,302,true",
    "401,,false",
    "401,401,true",
    "407,407,true"
  })
  void aWebServerPassesByItsStatus(int status, Integer wanted, boolean passes) throws Exception {
    try (var server = RawServer.answering(status, "")) {
      var why = web(server.url("/healthz"), Optional.ofNullable(wanted));
      assertThat(why.isEmpty()).isEqualTo(passes);
      why.ifPresent(it ->
          assertThat(it)
              .startsWith(server.url("/healthz") + " answers with status " + status)
              .endsWith("not " + (wanted == null ? "200 to 299" : wanted)));
      assertThat(server.asked()).containsExactly("GET /healthz HTTP/1.1");
    }
  }

  @Test
  void aRedirectDoesNotPassAndIsNotFollowed() throws Exception {
    try (var other = RawServer.answering(200, "");
        var server =
            new RawServer(
                out -> RawServer.answer(out, 302, "Location: " + other.url("/in") + "\r\n", ""))) {
      assertThat(web(server.url("/"), Optional.empty()))
          .get()
          .asString()
          .contains("status 302 (it leads to " + other.url("/in") + ")");
      assertThat(other.asked()).isEmpty();
    }
  }

  /** By its status, whatever it goes on to say. */
  @Test
  void oneThatNeverEndsPassesByItsStatus() throws Exception {
    try (var server =
        new RawServer(out -> {
          RawServer.text(out, "HTTP/1.1 200 OK\r\n\r\n");
          while (true) {
            RawServer.text(out, "x".repeat(1 << 20));
          }
        })) {
      assertThat(web(server.url("/"), Optional.empty())).isEmpty();
    }
  }

  @Test
  void oneThatSaysNothingOrNoHttpDoesNotPass() throws Exception {
    try (var silent = RawServer.silent();
        var other = new RawServer(out -> RawServer.text(out, "\0\1\2 garbage\r\n\r\n"));
        var shut = new RawServer(_ -> {})) {
      assertThat(missing(new OwnCheck.Web(silent.url("/"), Optional.empty()), SHORT))
          .hasValue(silent.url("/") + " does not answer (no answer within 1 s)");
      for (var server : List.of(other, shut)) {
        assertThat(web(server.url("/"), Optional.empty()))
            .get()
            .asString()
            .startsWith(server.url("/") + " does not answer (");
      }
    }
  }

  private Optional<String> metric(Wanted wanted, String result) throws Exception {
    var body =
        "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":%s}}"
            .formatted(result);
    try (var server = RawServer.answering(200, body)) {
      return missing(new OwnCheck.Metric(server.url(""), "q", wanted), LONG);
    }
  }

  private static String values(String... values) {
    return java.util.Arrays.stream(values)
        .map(it -> "{\"metric\":{\"job\":\"%s\"},\"value\":[1,\"%s\"]}".formatted("a" + it, it))
        .collect(java.util.stream.Collectors.joining(",", "[", "]"));
  }

  @Test
  void aMetricIsBelowOrAboveInAllItsSeries() throws Exception {
    var below = new Wanted.Below(0.5);
    assertThat(metric(below, values("0.1", "0.4"))).isEmpty();
    assertThat(metric(below, values("0.1", "0.5")))
        .hasValue("it is 0.5 {job=\"a0.5\"}, and is to be below 0.5");
    assertThat(metric(new Wanted.Above(2), values("3", "+Inf"))).isEmpty();
    assertThat(metric(new Wanted.Above(2), values("3", "2")))
        .hasValue("it is 2.0 {job=\"a2\"}, and is to be above 2.0");
  }

  @Test
  void whatGivesNoValueIsNotKnownToBeSo() throws Exception {
    for (var wanted : List.of(new Wanted.Below(1), new Wanted.Above(1))) {
      assertThat(metric(wanted, "[]")).get().asString().contains("gives no value");
      assertThat(metric(wanted, values("NaN"))).get().asString().contains("it is NaN");
    }
  }

  @Test
  void ofNoSeriesItPassesWhereThereIsNone() throws Exception {
    assertThat(metric(new Wanted.Nothing(), "[]")).isEmpty();
    assertThat(metric(new Wanted.Nothing(), values("1", "2", "3", "4", "5")))
        .get()
        .asString()
        .contains("gives 5 series, and is to give none: 1.0 {job=\"a1\"}", "and 2 more");
    try (var server =
        RawServer.answering(
            200,
            "{\"status\":\"success\",\"warnings\":[\"a store is away\"],\"data\":"
                + "{\"resultType\":\"vector\",\"result\":[]}}")) {
      assertThat(missing(new OwnCheck.Metric(server.url(""), "q", new Wanted.Nothing()), LONG))
          .as("what may not be all")
          .get()
          .asString()
          .contains("a store is away");
    }
    try (var server = RawServer.answering(200, "<html>")) {
      assertThat(missing(new OwnCheck.Metric(server.url(""), "q", new Wanted.Nothing()), LONG))
          .isPresent();
    }
  }

  @Test
  void aProgramPassesWhereItExitsWithNothingElseThanZero() throws Exception {
    program(directory.resolve("done.sh"), "exit \"$1\"");
    assertThat(missing(new OwnCheck.Program(List.of("./done.sh", "0")), LONG)).isEmpty();
    assertThat(missing(new OwnCheck.Program(List.of("./done.sh", "3")), LONG))
        .hasValue("it exits 3 without a word");
    program(directory.resolve("says.sh"), "echo first; echo 'still at it' >&2; exit 1");
    assertThat(missing(new OwnCheck.Program(List.of("./says.sh")), LONG))
        .hasValue("it exits 1 (still at it)");
    assertThat(missing(new OwnCheck.Program(List.of("sleep", "1000")), SHORT))
        .hasValue("it has not ended within 1 s without a word");
  }

  @Test
  void whatCannotBeStartedSaysWhy() throws Exception {
    Files.writeString(directory.resolve("plain.txt"), "x");
    assertThat(missing(new OwnCheck.Program(List.of("./gone.sh")), LONG))
        .hasValue(directory.resolve("gone.sh") + " is not there");
    assertThat(missing(new OwnCheck.Program(List.of("./plain.txt")), LONG))
        .get()
        .asString()
        .contains("plain.txt is not a program that can be run");
    assertThat(run(LONG, "no-such-program"))
        .isEqualTo(new Ended.Unstarted("there is no program 'no-such-program' in PATH"));
    assertThat(run(LONG, directory.toString())).isInstanceOf(Ended.Unstarted.class);
    program(directory.resolve("odd.sh"), "");
    Files.writeString(directory.resolve("odd.sh"), "#!/no/such/shell\n");
    assertThat(run(LONG, "./odd.sh")).isNotEqualTo(new Ended.Exited(0, List.of()));
  }

  @Test
  void itFindsItsDirectoryOurVariablesAndThoseOfTheOccasion() throws Exception {
    var ended =
        shell(LONG, "pwd -P; echo \"$PROVISION_HOST $LANG$MINE\"; read -r line || echo nothing");
    assertThat(ended)
        .isEqualTo(
            new Ended.Exited(0, List.of(directory.toRealPath().toString(), "w1 kept", "nothing")));
  }

  /** Whatever stands in a word, no shell reads it. */
  @Test
  void wordsArriveAsTheyAre() throws Exception {
    assertThat(run(LONG, "printf", "%s|", "a b", "$(id)", "", "'\"", ";").lines())
        .containsExactly("a b|$(id)||'\"|;|");
  }

  @Test
  void ofMuchThatIsSaidTheLastLinesAreKept() throws Exception {
    var ended =
        shell(
            LONG,
            "yes 'a line that is said very often' | head -c 5000000; echo; echo the end; exit 4");
    assertThat(ended)
        .isInstanceOfSatisfying(
            Ended.Exited.class,
            it -> {
              assertThat(it.status()).isEqualTo(4);
              assertThat(it.lines()).hasSizeLessThanOrEqualTo(15).last().isEqualTo("the end");
            });
    var garbage = shell(LONG, "head -c 300000 /dev/urandom; printf '\\n\\033[31mred\\007\\n'");
    assertThat(garbage.lines())
        .hasSizeLessThanOrEqualTo(15)
        .allMatch(line -> line.length() <= 203)
        .allMatch(line -> line.chars().noneMatch(Character::isISOControl))
        .last()
        .isEqualTo("red?");
    var oneLine = shell(LONG, "head -c 3000000 /dev/zero | tr '\\0' x");
    assertThat(oneLine.lines()).singleElement().asString().hasSize(203).endsWith("...");
  }

  /** A child that is left in the background is its own business; nobody waits for it. */
  @Test
  void whoHoldsItsOutputOpenIsNotWaitedFor() throws Exception {
    var ended = shell(LONG, "echo begun; sleep 1000 & echo $! >pid");
    assertThat(ended).isEqualTo(new Ended.Exited(0, List.of("begun")));
    ProcessHandle.of(pid()).ifPresent(ProcessHandle::destroyForcibly);
  }

  @Test
  void whatDoesNotEndIsEndedWithItsChildren() throws Exception {
    var ended = shell(SOON, "echo begun; (sleep 1000 & echo $! >pid; wait) & wait");
    assertThat(ended).isEqualTo(new Ended.Late(List.of("begun")));
    awaitGone(pid());
  }

  /** Its parent has gone, so that it is nobody's descendant. */
  @Test
  void aChildThatWasLeftInTheBackgroundIsEndedToo() throws Exception {
    var ended = shell(SOON, "(sleep 1000 & echo $! >pid); sleep 1000");
    assertThat(ended).isEqualTo(new Ended.Late(List.of()));
    awaitGone(pid());
  }

  @Test
  void whatWouldNotEndIsMadeToAndIsHeardBefore() throws Exception {
    var ended =
        shell(SOON, "trap 'echo asked' TERM; echo $$ >pid; while :; do sleep 1000 & wait; done");
    assertThat(ended).isEqualTo(new Ended.Late(List.of("asked")));
    awaitGone(pid());
  }

  @Test
  void whoIsWokenEndsIt() throws Exception {
    var caught = new AtomicReference<Exception>();
    var waiting =
        Thread.ofVirtual()
            .start(() -> {
              try {
                var _ = shell(LONG, "echo $$ >pid; sleep 1000");
              } catch (Exception e) {
                caught.set(e);
              }
            });
    while (!Files.exists(directory.resolve("pid")) || Files.size(directory.resolve("pid")) == 0) {
      Thread.sleep(20);
    }
    waiting.interrupt();
    waiting.join();
    assertThat(caught.get()).isInstanceOf(InterruptedException.class);
    awaitGone(pid());
  }

  private long pid() throws IOException {
    return Long.parseLong(Files.readString(directory.resolve("pid")).strip());
  }

  /** Gone, or ended and not yet asked for by its parent; the time limit ends it where it is not. */
  private static void awaitGone(long pid) throws InterruptedException {
    var stat = Path.of("/proc/%d/stat".formatted(pid));
    while (true) {
      try {
        if (Files.readString(stat).replaceFirst(".*\\) ", "").startsWith("Z")) {
          return;
        }
      } catch (IOException _) {
        return;
      }
      Thread.sleep(20);
    }
  }
}
