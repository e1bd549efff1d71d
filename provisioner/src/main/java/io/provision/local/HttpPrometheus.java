package io.provision.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.provision.desk.DeskException;
import io.provision.desk.Prometheus;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Asks a Prometheus over HTTP. What it answers is believed as far as it has the right form. */
public final class HttpPrometheus implements Prometheus {
  /** Some weeks of some series; more would be a query that was not meant. */
  private static final int MOST_BYTES = 16 << 20;

  private static final int MOST_WARNINGS = 3;

  private static final String SEE =
      "open it in a browser, or ask it with 'curl', and see whether it is the URL of a Prometheus"
          + " without '/api/v1'";
  private static final String FEWER =
      "ask for fewer series or longer steps, for example by 'sum(...)'";
  private static final String QUERY = "try the query in its web page";

  private final WebQuestion web;

  /**
   * @param environment which names proxies
   */
  public HttpPrometheus(Map<String, String> environment) {
    this(new WebQuestion(environment));
  }

  HttpPrometheus(WebQuestion web) {
    this.web = web;
  }

  @Override
  public Answer<Sample> query(Server server, String query)
      throws DeskException, InterruptedException {
    var answer = data(server, "query", Map.of("query", query));
    var samples = new ArrayList<Sample>();
    switch (answer.path("data").path("resultType").asText()) {
      case "scalar" -> samples.add(sample(server, Map.of(), answer.path("data").path("result")));
      case "vector" -> {
        for (var each : series(server, answer)) {
          if (each.has("histogram")) {
            throw histogram(server);
          }
          samples.add(sample(server, labels(server, each), each.path("value")));
        }
      }
      case "matrix" -> throw noNumber("values over a time, not of now");
      case "string" -> throw noNumber("a text, not a number");
      default -> throw garbage(server, null);
    }
    return new Answer<>(samples, warnings(answer));
  }

  private static DeskException noNumber(String what) {
    return new DeskException(
        "the query gives " + what,
        "take '[...]' off its end, or put a function such as 'rate' around it",
        null);
  }

  @Override
  public Answer<Series> range(Server server, String query, Range range)
      throws DeskException, InterruptedException {
    var parameters = new HashMap<String, String>();
    parameters.put("query", query);
    parameters.put("start", seconds(range.from().toEpochMilli()));
    parameters.put("end", seconds(range.until().toEpochMilli()));
    parameters.put("step", seconds(range.step().toMillis()));
    var answer = data(server, "query_range", parameters);
    if (!answer.path("data").path("resultType").asText().equals("matrix")) {
      throw garbage(server, null);
    }
    var all = new ArrayList<Series>();
    for (var each : series(server, answer)) {
      var points = new ArrayList<Point>();
      if (each.has("histograms")) {
        throw histogram(server);
      }
      for (var value : array(server, each.path("values"))) {
        points.add(new Point(at(server, value), number(server, value)));
      }
      all.add(new Series(labels(server, each), points));
    }
    return new Answer<>(all, warnings(answer));
  }

  private static String seconds(long milliseconds) {
    return BigDecimal.valueOf(milliseconds, 3).toPlainString();
  }

  /** A whole answer that says it is a success. */
  private JsonNode data(Server server, String what, Map<String, String> parameters)
      throws DeskException, InterruptedException {
    WebQuestion.Answer answer;
    try {
      answer = web.ask(url(server.base(), what, parameters), MOST_BYTES, server.within());
    } catch (IOException e) {
      throw new DeskException(
          "Prometheus at %s does not answer (%s)".formatted(server.base(), DeskFault.reason(e)),
          "see whether it runs, and is reached from this machine",
          e);
    }
    if (!answer.whole()) {
      throw new DeskException(
          "Prometheus at %s answers with more than %d MiB"
              .formatted(server.base(), MOST_BYTES >> 20),
          FEWER,
          null);
    }
    return success(server, answer);
  }

  private static JsonNode success(Server server, WebQuestion.Answer answer) throws DeskException {
    JsonNode json;
    try {
      json = new ObjectMapper().readTree(answer.body());
    } catch (IOException e) {
      throw garbage(server, answer, e);
    }
    if (json != null && json.path("status").asText().equals("error")) {
      throw new DeskException(
          "Prometheus at %s refuses the query (%s: %s)"
              .formatted(
                  server.base(),
                  PlainText.line(json.path("errorType").asText("error")),
                  PlainText.line(json.path("error").asText("without a word"))),
          QUERY,
          null);
    }
    if (json == null || answer.status() != 200 || !json.path("status").asText().equals("success")) {
      throw garbage(server, answer, null);
    }
    return json;
  }

  private static URI url(URI base, String what, Map<String, String> parameters) {
    var text = new StringBuilder(base.toString().replaceFirst("/+$", "")).append("/api/v1/");
    text.append(what);
    var sign = '?';
    for (var each : parameters.entrySet()) {
      text.append(sign)
          .append(each.getKey())
          .append('=')
          .append(URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8));
      sign = '&';
    }
    return URI.create(text.toString());
  }

  private static Sample sample(Server server, Map<String, String> labels, JsonNode value)
      throws DeskException {
    return new Sample(labels, at(server, value), number(server, value));
  }

  /** The first of a pair: seconds since 1970. */
  private static Instant at(Server server, JsonNode pair) throws DeskException {
    var seconds = pair.path(0);
    if (!seconds.isNumber() || Math.abs(seconds.doubleValue()) > Instant.MAX.getEpochSecond()) {
      throw garbage(server, null);
    }
    return Instant.ofEpochMilli(Math.round(seconds.doubleValue() * 1000));
  }

  /** The second: a number as text, which may be {@code NaN} or {@code +Inf}. */
  private static double number(Server server, JsonNode pair) throws DeskException {
    var text = pair.path(1).asText();
    try {
      return switch (text) {
        case "+Inf", "Inf" -> Double.POSITIVE_INFINITY;
        case "-Inf" -> Double.NEGATIVE_INFINITY;
        default -> Double.parseDouble(text);
      };
    } catch (NumberFormatException e) {
      throw garbage(server, e);
    }
  }

  /** None is an answer too, and must be one: an empty list. */
  private static JsonNode series(Server server, JsonNode answer) throws DeskException {
    return array(server, answer.path("data").path("result"));
  }

  private static JsonNode array(Server server, JsonNode node) throws DeskException {
    if (!node.isArray()) {
      throw garbage(server, null);
    }
    return node;
  }

  private static Map<String, String> labels(Server server, JsonNode series) throws DeskException {
    if (!series.path("metric").isObject()) {
      throw garbage(server, null);
    }
    var labels = new HashMap<String, String>();
    series
        .path("metric")
        .properties()
        .forEach(each -> labels.put(each.getKey(), each.getValue().asText()));
    return labels;
  }

  private static List<String> warnings(JsonNode answer) {
    var warnings = new ArrayList<String>();
    for (var each : answer.path("warnings")) {
      if (warnings.size() < MOST_WARNINGS) {
        warnings.add(PlainText.line(each.asText()));
      }
    }
    return warnings;
  }

  private static DeskException histogram(Server server) {
    return new DeskException(
        "Prometheus at %s answers with a histogram, not a number".formatted(server.base()),
        "put 'histogram_quantile(...)' or 'histogram_count(...)' around the query",
        null);
  }

  private static DeskException garbage(
      Server server, WebQuestion.Answer answer, @Nullable Throwable cause) {
    return new DeskException(
        "%s answers with status %d%s, and not as a Prometheus does"
            .formatted(server.base(), answer.status(), answer.beside()),
        SEE,
        cause instanceof JsonProcessingException ? null : cause);
  }

  private static DeskException garbage(Server server, @Nullable Throwable cause) {
    return new DeskException(
        "%s does not answer as a Prometheus does".formatted(server.base()), SEE, cause);
  }
}
