package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** A host whose logins take as long as it takes another one to be finished. */
class SlowHostTest {
  private static final String BOOK =
      """
      - name: a file
        hosts: all
        steps:
          - file: { path: /etc/motd, content: "all is well\\n" }
      """;

  @Test
  void aSlowHostDelaysNobodyElseInAnApply() {
    try (var lab = Lab.of(2)) {
      lab.inventory("motd.yml", Map.of());
      lab.write("motd.yml", BOOK);
      // sshd(8): run before every command of this user
      lab.node(2)
          .sh(
              "mkdir -p ~admin/.ssh && printf '%s' "
                  + "'until [ -e /var/lib/go ]; do sleep 0.2; done' >~admin/.ssh/rc");
      var run = lab.provision().startJson("apply", "inventory.yml");
      run.await(event -> isOf(event, "target_finished", "n1"));
      assertThat(lab.node(1).sh("cat /etc/motd")).isEqualTo("all is well\n");
      lab.node(2).sh("touch /var/lib/go");
      var result = run.end().exits(0);
      assertThat(result.total("changed")).isEqualTo(2);
      assertThat(lab.provision().json("apply", "inventory.yml").exits(0).total("changed")).isZero();
    }
  }

  private static boolean isOf(
      com.fasterxml.jackson.databind.JsonNode event, String name, String target) {
    return event.path("event").asText().equals(name)
        && event.path("target").asText().equals(target);
  }
}
