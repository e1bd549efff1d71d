package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/**
 * What the datastore and the log of requests hold of a Secret, on real programs. A ConfigMap of the
 * same size is the control: what is looked for is found where nothing encrypts it.
 *
 * @param kubectl as an administrator of the cluster, on every server
 * @param datastore the directory of etcd's files
 */
record SecretsAtRest(String kubectl, String datastore, String secret, String plain) {
  private static final String LOGS = "/var/log/kubernetes/audit";

  /** Makes both, on this server. */
  static SecretsAtRest made(Node server, String kubectl, String datastore) {
    var made = new SecretsAtRest(kubectl, datastore, value("secret"), value("plain"));
    server.sh("umask 077; printf %%s '%s' >/root/secret".formatted(made.secret));
    server.sh(
        "%1$s create secret generic canary --from-file=v=/root/secret; %1$s create configmap canary --from-literal=v=%2$s; rm /root/secret"
            .formatted(kubectl, made.plain));
    return made;
  }

  private static String value(String kind) {
    return "canary-" + kind + "-" + UUID.randomUUID();
  }

  /** Each of these servers can read the Secret, and none of them has it in plain. */
  void areEncryptedOn(List<Node> servers) {
    for (var server : servers) {
      assertThat(
              server.sh(
                  "%s get secret canary -o jsonpath='{.data.v}' | base64 -d".formatted(kubectl)))
          .as(server.name())
          .isEqualTo(secret);
      server.await("the control in the datastore", holds(plain));
      assertThat(server.succeeds(holds(secret))).as(server.name()).isFalse();
    }
  }

  private String holds(String value) {
    return "grep -rqaF %s %s".formatted(value, datastore);
  }

  /** Each has a log for root alone, and one of them says who made the Secret, not what is in it. */
  void areNotInTheLogOf(List<Node> servers) {
    for (var server : servers) {
      assertThat(server.sh("stat -c '%%a %%U' %1$s %1$s/audit.log".formatted(LOGS)))
          .as(server.name())
          .isEqualTo("700 root\n600 root\n");
      assertThat(server.succeeds("grep -q '\"verb\":\"get\"' %s/audit.log".formatted(LOGS)))
          .as(server.name())
          .isTrue();
      for (var value : List.of(secret, plain)) {
        var encoded = Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8));
        assertThat(server.succeeds("grep -qF -e %s -e %s %s/*".formatted(value, encoded, LOGS)))
            .as(server.name())
            .isFalse();
      }
    }
    assertThat(servers)
        .anySatisfy(server ->
            assertThat(
                    server.sh(
                        "grep '\"verb\":\"create\"' %s/audit.log | grep -c '\"resource\":\"secrets\",\"namespace\":\"default\",\"name\":\"canary\"' || :"
                            .formatted(LOGS)))
                .isEqualTo("1\n"));
    assertThat(servers)
        .allSatisfy(server ->
            assertThat(
                    server.succeeds(
                        "grep -q '\"resource\":\"\\(leases\\|events\\)\"' %s/audit.log"
                            .formatted(LOGS)))
                .isFalse());
  }
}
