package io.provision.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.provision.desk.DeskException;
import io.provision.desk.Webhooks;
import io.provision.engine.event.Failure;
import io.provision.engine.event.Outcome;
import io.provision.engine.event.Report;
import io.provision.model.Secret;
import io.provision.model.rotation.Fact;
import io.provision.step.Change;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who is told of a rotation, and of which; the time limit only ends a hanging test. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class RotateNotificationsTest {
  private static final String CANARY = "T0KEN-that-nobody-sees";
  private static final String HOOK = "https://hooks.example.org/" + CANARY;

  @TempDir Path directory;
  private final FakeProgram program = new FakeProgram();
  private final List<String> told = new CopyOnWriteArrayList<>();
  private Optional<DeskException> unusable = Optional.empty();
  private Optional<DeskException> silent = Optional.empty();

  RotateNotificationsTest() {
    program.webhooks =
        new Webhooks() {
          @Override
          public void require(Secret url) throws DeskException {
            if (unusable.isPresent()
                && !new String(url.reveal(), java.nio.charset.StandardCharsets.UTF_8)
                    .contains("good")) {
              throw unusable.get();
            }
          }

          @Override
          public void post(Secret url, String json) throws DeskException {
            told.add(json);
            if (silent.isPresent()) {
              throw silent.get();
            }
          }
        };
  }

  private Session rotate(String notifications, String... options) {
    var text =
        """
        cluster: { name: home, distribution: none, rotation: { notifications: [%s] } }
        hosts:
          w1: { address: 192.0.2.1 }
          w2: { address: 192.0.2.2 }
        """;
    var _ = FakeProgram.write(directory.resolve("w.yml"), text.formatted(notifications));
    var line = new ArrayList<>(List.of("rotate", "w.yml"));
    line.addAll(List.of(options));
    return Session.type(program, directory, line.toArray(String[]::new));
  }

  private static String hook(String more) {
    return "{ webhook: '%s'%s }".formatted(HOOK, more);
  }

  private void rebooted() {
    program.stepName = "host-reboot";
    program.learnt.addAll(
        List.of(
            new Fact.Wanted(List.of("libc6")),
            new Fact.Kernel("6.1.0-1"),
            new Fact.Rebooting(),
            new Fact.Rebooted(),
            new Fact.Kernel("6.1.0-2")));
    program.outcome =
        new Outcome.Changed(List.of(Change.of(Change.Action.RESTART, "host", "libc6", "rebooted")));
  }

  private void nothingToDo() {
    program.stepName = "host-reboot";
    program.learnt.add(new Fact.Wanted(List.of()));
  }

  private JsonNode only() throws IOException {
    assertThat(told).hasSize(1);
    return JsonMapper.builder().build().readTree(told.getFirst());
  }

  @Test
  void oneThatDidSomethingIsTold() throws Exception {
    rebooted();
    assertThat(rotate(hook("")).exit()).isZero();
    var json = only();
    assertThat(json.get("event").asText()).isEqualTo("end");
    assertThat(json.get("cluster").asText()).isEqualTo("home");
    assertThat(json.get("verb").asText()).isEqualTo("rotate");
    assertThat(json.get("run").asText()).isEqualTo("r1");
    assertThat(json.get("exit_code").asInt()).isZero();
    assertThat(json.get("began").asText()).isEqualTo("2026-01-02T12:00:00Z");
    assertThat(json.get("ended").asText()).isEqualTo("2026-01-02T12:00:00Z");
    assertThat(json.get("message").asText())
        .startsWith("rotation of home ended with exit code 0")
        .contains("1 rebooted", "w1: rebooted, out of use 0s");
    assertThat(json.get("hosts").toString())
        .isEqualTo(
            """
            [{"host":"w1","state":"rebooted","reasons":["libc6"],\
            "out_of_use_from":"2026-01-02T12:00:00Z","out_of_use_until":"2026-01-02T12:00:00Z",\
            "kernel_before":"6.1.0-1","kernel_after":"6.1.0-2"}]\
            """);
  }

  /** As a mail of unattended-upgrades "on-change": nobody reads what comes each night. */
  @Test
  void oneThatDidNothingIsToldOnlyWhereThatIsWanted() throws Exception {
    nothingToDo();
    assertThat(rotate(hook(", on: [begin, end, failure]")).exit()).isZero();
    assertThat(told).isEmpty();
    directory.resolve("w.yml").toFile().delete();
    assertThat(rotate(hook(", on: [always]")).exit()).isZero();
    assertThat(only().get("event").asText()).isEqualTo("end");
  }

  @Test
  void itsBeginIsToldOnceAndBeforeItsEnd() throws Exception {
    rebooted();
    program.learnt.add(new Fact.Rebooting());
    assertThat(rotate(hook(", on: [begin, end]")).exit()).isZero();
    assertThat(told).hasSize(2);
    assertThat(told.getFirst()).contains("\"event\":\"begin\"");
    assertThat(told.getLast()).contains("\"event\":\"end\"");
  }

  @Test
  void howeverItFailsThatIsTold() throws Exception {
    program.stepName = "host-reboot";
    program.outcome = new Outcome.Failed(new Failure("w2 is not <there> & away", "look"));
    assertThat(rotate(hook(", on: [failure]")).exit()).isEqualTo(1);
    assertThat(only().get("hosts").get(0).get("why").asText()).contains("w2 is not <there> & away");
    assertThat(only().get("exit_code").asInt()).isEqualTo(1);

    told.clear();
    program.stop = Optional.of(new Report.Stop.Locked("w1 is locked by max", "wait"));
    assertThat(rotate("").exit()).isEqualTo(6);
    assertThat(only().get("exit_code").asInt()).isEqualTo(6);

    told.clear();
    program.stop = Optional.empty();
    program.interrupted = true;
    assertThat(rotate("").exit()).isEqualTo(130);
    assertThat(only().get("exit_code").asInt()).isEqualTo(130);

    told.clear();
    program.bug = Optional.of(new IllegalStateException("ours"));
    assertThat(rotate("").exit()).isEqualTo(70);
    assertThat(only().get("event").asText()).isEqualTo("failure");
  }

  @Test
  void slackIsToldInItsWordsAndNobodyIsCalled() throws Exception {
    program.stepName = "host-reboot";
    program.outcome = new Outcome.Failed(new Failure("<!channel> & so", "look"));
    assertThat(rotate(hook(", form: slack")).exit()).isEqualTo(1);
    var json = only();
    assertThat(json.size()).isEqualTo(1);
    assertThat(json.get("text").asText())
        .contains("rotation of home", "w1: not begun: &lt;!channel&gt; &amp; so")
        .doesNotContain("<!");
  }

  @Test
  void whateverHostsSayWhatIsToldIsBounded() throws Exception {
    program.stepName = "host-reboot";
    program.outcome = new Outcome.Failed(new Failure("x".repeat(1 << 20), "look"));
    assertThat(rotate(hook("") + ", " + hook(", form: slack")).exit()).isEqualTo(1);
    assertThat(told).hasSize(2).allMatch(it -> it.length() < 20_000);
  }

  @Test
  void whoIsNotToldIsSaidAndFailsNothingAndTheUrlIsNowhere() {
    rebooted();
    silent = Optional.of(new DeskException("status 404", "look at it", null));
    for (var option : List.of("--output=json", "--output=human", "-v")) {
      var typed = rotate(hook("") + ", " + hook(", form: slack"), option);
      assertThat(typed.exit()).isZero();
      assertThat(typed.out() + typed.err())
          .contains("it was not told: of entry 1 of 'notifications', status 404. look at it")
          .contains("of entry 2 of 'notifications'")
          .doesNotContain(CANARY);
    }
  }

  @Test
  void whomNothingCouldBeToldIsSaidBeforeAnythingIsBegunAndOthersAreToldOfThat() throws Exception {
    rebooted();
    unusable = Optional.of(new DeskException("its webhook is no URL", "write one", null));
    var good = "{ webhook: 'https://good.example.org' }";
    for (var option : List.of("--now", "--dry-run", "--output=json")) {
      told.clear();
      var typed = rotate(hook("") + ", " + good, option);
      assertThat(typed.exit()).isEqualTo(2);
      assertThat(typed.out() + typed.err())
          .contains("of entry 1 of 'notifications', its webhook is no URL. write one")
          .doesNotContain("of entry 2", CANARY);
      assertThat(program.requests).isEmpty();
      if (option.equals("--dry-run")) {
        assertThat(told).isEmpty();
      } else {
        assertThat(only().get("exit_code").asInt()).isEqualTo(2);
        assertThat(only().get("message").asText()).contains("its webhook is no URL");
      }
    }
  }

  /** With what is really used: nobody is there. */
  @Test
  void aUrlIsNowhereAlsoWhereNobodyAnswers() throws Exception {
    rebooted();
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    program.webhooks = new FakeProgram().webhooks;
    var typed = rotate("{ webhook: 'http://127.0.0.1:%d/%s' }".formatted(port, CANARY));
    assertThat(typed.exit()).isZero();
    assertThat(typed.err()).contains("it was not told", "it is not reached");
    assertThat(typed.out() + typed.err()).doesNotContain(CANARY, Integer.toString(port));
  }
}
