package io.provision.steps.kubernetes.rotation;

import io.provision.model.rotation.OwnCheck;
import io.provision.model.rotation.OwnCheck.Asked;
import io.provision.model.rotation.OwnCheck.Wanted;
import io.provision.section.Findings;
import io.provision.section.Key;
import io.provision.section.ProgramWord;
import io.provision.section.SecretWords;
import io.provision.section.Source;
import io.provision.section.TimeSpan;
import io.provision.steps.kubernetes.rotation.OwnGrammar.HttpStatus;
import io.provision.steps.kubernetes.rotation.OwnGrammar.Limit;
import io.provision.steps.kubernetes.rotation.OwnGrammar.OwnName;
import io.provision.steps.kubernetes.rotation.OwnGrammar.PromQuery;
import io.provision.steps.kubernetes.rotation.OwnGrammar.WebUrl;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A check of the user's as it is written: a web server, a program, or a Prometheus is asked. */
record OwnCheckSection(
    Source source,
    @Key("By what it is told.") Optional<OwnName> name,
    @Key("A web server is asked for this; no redirect is followed.") Optional<WebUrl> http,
    @Key(value = "The status that it must answer with.", usual = "any of 200 to 299")
        Optional<HttpStatus> status,
    @Key(
            value =
                "A program and its arguments, run without a shell on the machine that runs"
                    + " provision, from the inventory's directory; exit 0 passes.",
            example = "[./backup-is-done.sh, shop]")
        Optional<List<ProgramWord>> command,
    @Key(
            value = "The URL of a Prometheus, without /api/v1, that is asked a query.",
            example = "http://prometheus.example.org:9090")
        Optional<WebUrl> prometheus,
    @Key("What it is asked.") Optional<PromQuery> query,
    @Key("All values must be below that; where there is none it does not pass.")
        Optional<Limit> below,
    @Key(
            value = "All values must be above that; where there is none it does not pass.",
            usual = "the query must give no series where neither stands there")
        Optional<Limit> above,
    @Key(
            value = "How long one answer may take, 10 minutes at most.",
            usual = "10s, 30s for a command")
        Optional<TimeSpan> within) {
  static final List<String> REQUIRED = List.of("name");

  private static final List<String> ASKED = List.of("http", "command", "prometheus");
  private static final Duration WEB = Duration.ofSeconds(10);
  private static final Duration PROGRAM = Duration.ofSeconds(30);
  private static final Duration MOST = Duration.ofMinutes(10);

  OwnCheck settled() {
    return new OwnCheck(
        name.orElseThrow().value(),
        asked(),
        within.map(TimeSpan::duration).orElse(command.isPresent() ? PROGRAM : WEB));
  }

  private Asked asked() {
    if (http.isPresent()) {
      return new OwnCheck.Web(http.get().uri(), status.map(HttpStatus::value));
    }
    if (command.isPresent()) {
      return new OwnCheck.Program(ProgramWord.texts(command.get()));
    }
    Optional<Wanted> wanted =
        below
            .<Wanted>map(it -> new Wanted.Below(it.value()))
            .or(() -> above.map(it -> new Wanted.Above(it.value())));
    return new OwnCheck.Metric(
        prometheus.orElseThrow().uri(),
        query.orElseThrow().value(),
        wanted.orElse(new Wanted.Nothing()));
  }

  void check(Findings findings) {
    var asked = ASKED.stream().filter(source::has).toList();
    if (asked.isEmpty()) {
      findings.add(
          source.position(), "it asks nobody. write 'http', 'command' or 'prometheus' in it.");
    }
    if (asked.size() > 1) {
      findings.add(
          source.keyAt(asked.get(1)),
          "it asks by '%s' already. make two checks of it.".formatted(asked.getFirst()));
    }
    if (!source.has("http") && source.has("status")) {
      findings.meaningless(source, "status", "without 'http'");
    }
    if (source.has("command")) {
      OwnHookSection.program(source, command, findings);
    }
    metric(findings);
    http.ifPresent(it -> refuseSecrets(it, "http", findings));
    OwnHookSection.most(source, within, MOST, findings);
  }

  private void metric(Findings findings) {
    if (!source.has("prometheus")) {
      List.of("query", "below", "above").stream()
          .filter(source::has)
          .forEach(it -> findings.meaningless(source, it, "without 'prometheus'"));
      return;
    }
    if (!source.has("query")) {
      findings.add(source.keyAt("prometheus"), "it asks for nothing. write 'query' beside it.");
    }
    if (source.has("below") && source.has("above")) {
      findings.add(source.keyAt("above"), "'below' stands there already. make two checks of it.");
    }
    prometheus.ifPresent(it -> {
      if (it.value().contains("?") || it.value().contains("/api/v1")) {
        findings.add(
            source.at("prometheus"),
            "'%s' is more than the URL of a Prometheus. leave out what begins with '?' or '/api/v1'."
                .formatted(it.value()));
      }
    });
  }

  private void refuseSecrets(WebUrl url, String key, Findings findings) {
    var query = Optional.ofNullable(url.uri().getRawQuery()).orElse("");
    for (var each : query.split("&", -1)) {
      var name = URLDecoder.decode(each.replaceFirst("=.*", ""), StandardCharsets.UTF_8);
      if (SecretWords.isParameter(name)) {
        findings.add(
            source.at(key),
            "what is behind '%s' would be a secret, and a URL is shown and kept. take it out; where it is needed, ask by a 'command' that reads it from its own file."
                .formatted(name));
      }
    }
  }
}
