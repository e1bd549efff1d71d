package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/**
 * Secrets of a real cluster that lives, while their keys come and go: every API server is asked for
 * one of them, and told to write another, all the time.
 *
 * @param kubectl of the API server of the host it runs on, as an administrator
 */
record AskedSecrets(String kubectl) {
  private static final String VALUE = "still-here";

  /** That one is down for a moment is no matter: what is said then. */
  private static final String DOWN =
      "refused\\|i/o timeout\\|EOF\\|etcd\\|TLS handshake\\|Client.Timeout\\|shutting down\\|connection reset\\|forbidden\\|ServiceUnavailable\\|currently unable to handle\\|not ready\\|Unauthorized\\|context deadline";

  /** What each says of a Secret, over and over. */
  private static final String ASKED =
      """
      cat >/usr/local/bin/asked <<'END'
      #!/bin/bash
      while :; do
        %1$s--request-timeout=5s get secret canary -o 'jsonpath={.data.v}{"\\n"}' 2>&1
        %1$s--request-timeout=5s annotate --overwrite secret "asked-$(hostname)" "at=$RANDOM" 2>&1
        sleep 0.5
      done
      END
      chmod +x /usr/local/bin/asked
      setsid sh -c 'echo $$ >/root/asked.pid; exec /usr/local/bin/asked' >/root/asked.log 2>&1 </dev/null &
      """;

  /** Makes the Secrets, and begins to ask. */
  void begin(List<Node> servers) {
    var first = servers.getFirst();
    first.sh(kubectl + "create secret generic canary --from-literal=v=" + VALUE);
    for (var server : servers) {
      first.sh(
          kubectl + "create secret generic asked-%s --from-literal=v=x".formatted(server.name()));
      server.sh(ASKED.formatted(kubectl));
    }
  }

  /** By name, with one for each of these. */
  static List<String> names(List<Node> servers) {
    return java.util.stream.Stream.concat(
            java.util.stream.Stream.of("canary"),
            servers.stream().map(server -> "asked-" + server.name()))
        .toList();
  }

  /** No API server ever said that it could not read or write one. */
  void couldAlwaysBeRead(List<Node> servers) {
    for (var server : servers) {
      server.sh("kill -9 $(cat /root/asked.pid)");
      assertThat(server.sh("grep -c '^c3RpbGwtaGVyZQ==$' /root/asked.log"))
          .as("answers of %s", server.name())
          .matches("[1-9][0-9]+\n");
      assertThat(
              server.sh(
                  "grep -v '^c3RpbGwtaGVyZQ==$\\|^secret/asked\\|%s' /root/asked.log | sort | uniq -c || :"
                      .formatted(DOWN)))
          .as("what %s could not say", server.name())
          .isEmpty();
    }
  }
}
