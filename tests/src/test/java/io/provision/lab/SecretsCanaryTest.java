package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Secrets are looked for wherever they must not be: in arguments, output, journal and plan. */
class SecretsCanaryTest {
  private static final String SUDO_PASSWORD = "p w\"d$ü";
  private static final String CONTENT = "the canary's own 'song' $(sings) \"ü\"";
  private static final List<Canary> CANARIES =
      List.of(new Canary(SUDO_PASSWORD), new Canary(CONTENT));
  private static final String BECOME = "user: sudoer, become: { password: \"${file:password}\" }";
  private static final Pattern HEX = Pattern.compile("(\\\\x[0-9a-f]{2})+");

  private static Lab lab;

  @BeforeAll
  static void start() throws IOException {
    lab = Lab.of(1);
    lab.inventory("playbook.yml", Map.of("n1", BECOME));
    secretFile("password", SUDO_PASSWORD);
    secretFile("song", CONTENT);
  }

  @AfterAll
  static void stop() {
    lab.close();
  }

  @Test
  void noSecretIsInAnyArgumentOutputJournalOrPlan() throws IOException {
    playbook(
        """
              - hosts-file
              - file: { path: /etc/song, secret: "${file:song}" }
        """);
    assertThat(leaks("-v")).isEmpty();
    assertThat(lab.node(1).sh("cat /etc/song; stat -c ' %a' /etc/song"))
        .isEqualTo(CONTENT + " 600\n");
    lab.node(1).sh("echo changed >/etc/song");
    assertThat(leaks("--output=json")).isEmpty();
  }

  @Test
  void aPlantedLeakIsFound() throws IOException {
    playbook(
        """
              - command: { run: [touch, /var/lib/planted, "%s"], creates: /var/lib/planted }
        """
            .formatted(CONTENT.replace("\"", "\\\"")));
    assertThat(leaks("-v")).containsKey("arguments on the host");
    assertThat(new Canary(CONTENT).in(Checkout.text(lab.file("playbook.yml")))).isNotEmpty();
  }

  /** By place, the forms in which a secret was found there. */
  private static Map<String, List<String>> leaks(String option) throws IOException {
    var places = new TreeMap<String, String>();
    var trace = new Trace(lab.node(1));
    var seen = new StringBuffer();
    for (var arguments :
        List.of(
            List.of("plan", "inventory.yml", "--out=saved.plan", option),
            List.of("apply", "inventory.yml", option),
            List.of("apply", "inventory.yml", option))) {
      var run = lab.provision().start(arguments.toArray(String[]::new));
      Watch.processes(run, seen);
      places.merge("output", run.end().exits(0).text(), String::concat);
    }
    places.put("arguments on the host", decoded(trace.end()));
    places.put("arguments here", seen.toString());
    places.put("plan", Checkout.text(lab.file("saved.plan")));
    places.put("journal", journal());
    places.put("the host's log", lab.node(1).sh("journalctl --no-pager -o json"));
    places.put(
        "what is left in /run and /tmp",
        lab.node(1).sh("cat /run/provision/* /tmp/* 2>/dev/null || :"));
    assertThat(places).allSatisfy((place, text) -> assertThat(text).as(place).isNotEmpty());
    var leaks = new TreeMap<String, List<String>>();
    places.forEach((place, text) -> {
      var found = CANARIES.stream().flatMap(canary -> canary.in(text).stream()).toList();
      if (!found.isEmpty()) {
        leaks.put(place, found);
      }
    });
    return leaks;
  }

  private static String journal() throws IOException {
    try (var files = Files.walk(lab.file("state"))) {
      var text = new StringBuilder();
      files.filter(Files::isRegularFile).map(Checkout::text).forEach(text::append);
      return text.toString();
    }
  }

  private static void playbook(String steps) {
    lab.write("playbook.yml", "- name: secrets\n  hosts: all\n  steps:\n" + steps.indent(4));
  }

  private static void secretFile(String name, String text) throws IOException {
    Path file = lab.write(name, "");
    Files.setPosixFilePermissions(
        file, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
    Files.writeString(file, text);
  }

  /** strace writes every byte as {@code \xHH}. */
  private static String decoded(String trace) {
    return HEX.matcher(trace)
        .replaceAll(match -> {
          var bytes = HexFormat.of().parseHex(match.group().replace("\\x", ""));
          return java.util.regex.Matcher.quoteReplacement(
              new String(bytes, StandardCharsets.UTF_8));
        });
  }
}
