package io.provision.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.provision.desk.DeskException;
import io.provision.desk.Prometheus;
import io.provision.desk.Prometheus.Point;
import io.provision.desk.Prometheus.Range;
import io.provision.desk.Prometheus.Sample;
import io.provision.desk.Prometheus.Series;
import io.provision.desk.Prometheus.Server;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A Prometheus that is asked over HTTP, and what is none. */
@Timeout(60)
final class HttpPrometheusTest {
  private static final Duration LONG = Duration.ofSeconds(50);

  /** Of one that would never answer. */
  private static final Duration SHORT = Duration.ofSeconds(1);

  private static final Instant BEGIN = Instant.parse("2026-11-29T02:00:00Z");
  private static final Range HOUR =
      new Range(BEGIN, BEGIN.plus(Duration.ofHours(1)), Duration.ofMinutes(30));

  private final Prometheus prometheus = new HttpPrometheus(Map.of());

  private static String success(String type, String result) {
    return "{\"status\":\"success\",\"data\":{\"resultType\":\"%s\",\"result\":%s}}"
        .formatted(type, result);
  }

  private Prometheus.Answer<Sample> query(RawServer server) throws Exception {
    return prometheus.query(new Server(server.url("/"), LONG), "up");
  }

  @Test
  void aVectorIsItsSamplesWithTheirLabels() throws Exception {
    var answer =
        success(
            "vector",
            """
            [{"metric":{"job":"shop"},"value":[1796000000.5,"0.25"]},
             {"metric":{},"value":[1796000000,"+Inf"]},{"metric":{},"value":[1796000000,"NaN"]}]\
            """);
    try (var server = RawServer.answering(200, answer)) {
      var samples = query(server).series();
      assertThat(samples)
          .first()
          .isEqualTo(
              new Sample(Map.of("job", "shop"), Instant.ofEpochMilli(1_796_000_000_500L), 0.25));
      assertThat(samples)
          .extracting(Sample::value)
          .containsExactly(0.25, Double.POSITIVE_INFINITY, Double.NaN);
    }
  }

  @Test
  void aNumberIsASampleWithoutLabelsAndNothingIsNone() throws Exception {
    try (var server = RawServer.answering(200, success("scalar", "[1796000000,\"2\"]"))) {
      assertThat(query(server).series()).extracting(Sample::value).containsExactly(2.0);
    }
    try (var server = RawServer.answering(200, success("vector", "[]"))) {
      assertThat(query(server).series()).isEmpty();
      assertThat(query(server).warnings()).isEmpty();
    }
  }

  @Test
  void theQueryIsSentAsItIsBelowThePathOfTheServer() throws Exception {
    try (var server = RawServer.answering(200, success("vector", "[]"))) {
      prometheus.query(new Server(server.url("/prom/"), LONG), "a{b=\"c d\"} > 1 & 2%");
      assertThat(server.asked())
          .containsExactly(
              "GET /prom/api/v1/query?query=a%7Bb%3D%22c+d%22%7D+%3E+1+%26+2%25 HTTP/1.1");
    }
  }

  @Test
  void valuesOverATimeComeInTheirOrder() throws Exception {
    var answer =
        success(
            "matrix",
            "[{\"metric\":{\"a\":\"b\"},\"values\":[[1796000000,\"1\"],[1796001800,\"3\"]]}]");
    try (var server = RawServer.answering(200, answer)) {
      var all = prometheus.range(new Server(server.url(""), LONG), "up", HOUR).series();
      assertThat(all)
          .containsExactly(
              new Series(
                  Map.of("a", "b"),
                  List.of(
                      new Point(Instant.ofEpochSecond(1_796_000_000), 1),
                      new Point(Instant.ofEpochSecond(1_796_001_800), 3))));
      assertThat(server.asked().getFirst())
          .contains("/api/v1/query_range?", "query=up", "step=1800.000")
          .contains("start=%d.000".formatted(BEGIN.getEpochSecond()))
          .contains("end=%d.000".formatted(BEGIN.getEpochSecond() + 3600));
    }
  }

  @Test
  void whatItWarnsOfIsTold() throws Exception {
    var answer =
        "{\"status\":\"success\",\"warnings\":[\"no store\\nmatched\"],\"data\":"
            + "{\"resultType\":\"vector\",\"result\":[]}}";
    try (var server = RawServer.answering(200, answer)) {
      assertThat(query(server).warnings()).containsExactly("no store matched");
    }
  }

  @Test
  void aQueryThatItRefusesIsSaidInItsWords() throws Exception {
    var answer =
        "{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"1:3: parse"
            + " \\u001b[31merror\\u0007\"}";
    try (var server = RawServer.answering(400, answer)) {
      assertThatThrownBy(() -> query(server))
          .hasMessageContaining("refuses the query (bad_data: 1:3: parse error?)");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "<html>hello",
        "null",
        "[]",
        "{}",
        "{\"status\":\"success\"}",
        "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\"}}",
        "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":{}}}",
        "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":\"[]\"}}",
        "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[1]}}",
        "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":{}}]}}",
        "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":{},\"value\":[1,\"many\"]}]}}",
        "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":{},\"value\":[\"x\",\"1\"]}]}}",
        "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"value\":[1,\"1\"]}]}}",
        "{\"status\":\"success\",\"data\":{\"resultType\":\"streams\",\"result\":[]}}",
      })
  void whatIsNoAnswerOfAPrometheusIsNeverTakenForNoSeries(String body) throws Exception {
    try (var server = RawServer.answering(200, body)) {
      assertThatThrownBy(() -> query(server))
          .isInstanceOf(DeskException.class)
          .hasMessageContaining("not")
          .hasMessageContaining("as a Prometheus does");
      assertThatThrownBy(() -> prometheus.range(new Server(server.url(""), LONG), "up", HOUR))
          .isInstanceOf(DeskException.class)
          .hasMessageContaining("as a Prometheus does");
    }
  }

  @Test
  void aRightBodyUnderAWrongStatusIsNone() throws Exception {
    try (var server = RawServer.answering(503, success("vector", "[]"))) {
      assertThatThrownBy(() -> query(server)).hasMessageContaining("answers with status 503");
    }
  }

  @Test
  void whatIsNoNumberIsSaid() throws Exception {
    try (var server = RawServer.answering(200, success("string", "[1,\"x\"]"))) {
      assertThatThrownBy(() -> query(server)).hasMessage("the query gives a text, not a number");
    }
    try (var server = RawServer.answering(200, success("matrix", "[]"))) {
      assertThatThrownBy(() -> query(server))
          .hasMessage("the query gives values over a time, not of now");
    }
    var histogram = success("vector", "[{\"metric\":{},\"histogram\":[1,{\"count\":\"1\"}]}]");
    try (var server = RawServer.answering(200, histogram)) {
      assertThatThrownBy(() -> query(server)).hasMessageContaining("with a histogram");
    }
  }

  @Test
  void aRedirectIsSaidAndNotFollowed() throws Exception {
    try (var other = RawServer.answering(200, success("vector", "[]"));
        var server =
            new RawServer(out ->
                RawServer.answer(out, 302, "Location: " + other.url("/login") + "\r\n", ""))) {
      assertThatThrownBy(() -> query(server))
          .hasMessageContaining("status 302")
          .hasMessageContaining("it leads to " + other.url("/login"));
      assertThat(other.asked()).isEmpty();
    }
  }

  @Test
  void oneThatNeverEndsIsReadToALimit() throws Exception {
    try (var server =
        new RawServer(out -> {
          RawServer.text(out, "HTTP/1.1 200 OK\r\n\r\n");
          var much = " ".repeat(1 << 20);
          while (true) {
            RawServer.text(out, much);
          }
        })) {
      assertThatThrownBy(() -> query(server)).hasMessageContaining("more than 16 MiB");
    }
  }

  @Test
  void oneThatNeverAnswersIsWaitedForNoLongerThanSaid() throws Exception {
    try (var silent = RawServer.silent();
        var half =
            new RawServer(out -> {
              RawServer.text(out, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{");
              RawServer.pause();
            })) {
      for (var server : List.of(silent, half)) {
        var told =
            catchThrowableOfType(
                DeskException.class,
                () -> prometheus.query(new Server(server.url(""), SHORT), "up"));
        assertThat(told).hasMessageContaining("does not answer (no answer within 1 s)");
        assertThat(told.remedy()).contains("reached from this machine");
      }
    }
  }

  @Test
  void whereNobodyListensThatIsSaid() throws Exception {
    URI gone;
    try (var server = RawServer.silent()) {
      gone = server.url("");
    }
    assertThatThrownBy(() -> prometheus.query(new Server(gone, LONG), "up"))
        .hasMessage("Prometheus at %s does not answer (nobody answers there)".formatted(gone));
    var noName = "http://%s.invalid".formatted("x".repeat(64)); // too long for anybody to ask for
    assertThatThrownBy(() -> prometheus.query(new Server(URI.create(noName), LONG), "up"))
        .hasMessageContaining("(no such name)");
  }

  @Test
  void whatIsNoHttpIsSaid() throws IOException {
    try (var server = new RawServer(out -> RawServer.text(out, "220 smtp.example ESMTP\r\n"))) {
      assertThatThrownBy(() -> query(server)).hasMessageContaining("does not answer (");
    }
  }
}
