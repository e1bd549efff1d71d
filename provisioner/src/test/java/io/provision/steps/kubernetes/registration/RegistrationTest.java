package io.provision.steps.kubernetes.registration;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.remote.Call;
import io.provision.remote.Frame;
import io.provision.resource.LocalHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether the cluster has an agent as a node, and hears of it. */
class RegistrationTest {
  private static final String UNIT = "k3s-agent.service";
  private static final String LEASE =
      "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/w1";
  private static final String STRICT =
      """
      [ "$KUBECONFIG" = "%s" ] || { echo "unexpected: $KUBECONFIG" >&2; exit 1; }
      case "$*" in
        "--cache-dir=/dev/null/none get --raw /api/v1/nodes/w1") %s ;;
        "--cache-dir=/dev/null/none get --raw %s") %s ;;
        *) echo "unexpected: $*" >&2; exit 1 ;;
      esac
      """;
  private static final String THERE = "echo '{\"kind\":\"Node\",\"apiVersion\":\"v1\"}'";

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "echo '{\"kind\":\"Node\",\"apiVersion\":\"v1\"}' | present",
        "printf '{\"kind\":\"Node\",'; head -c 3000000 /dev/zero | present",
        "echo 'Error from server (NotFound): nodes \"w1\" not found' >&2; exit 1 | absent",
        "echo 'Error from server (NotFound): nodes \"w10\" not found' >&2; exit 1 | ``",
        "echo 'Error from server (Forbidden): nodes \"w1\" is forbidden' >&2; exit 1 | ``",
        "echo 'The connection to the server 127.0.0.1:6444 was refused' >&2; exit 1 | ``",
        "head -c 3000000 /dev/zero | ``",
        "echo '$(id) present' | ``",
        "exit 127 | ``"
      })
  void onlyTheApisOwnWordCounts(String node, String told) throws IOException {
    for (var host : hosts()) {
      assertThat(asked(host, node, leaseOf(0, 40))).as(node).isEqualTo(told);
    }
  }

  /** The unit was started 100 s ago, on a host that is up for 500 s. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "renewed a moment ago | 0 | 40 | 400000000 | present",
        "renewed for the last time while it may | 39 | 40 | 400000000 | present",
        "not renewed any more | 41 | 40 | 400000000 | silent",
        "a kubelet that is told to renew more seldom | 41 | 120 | 400000000 | present",
        "renewed before it was started | 20 | 40 | 485000000 | silent",
        "renewed when it was started, perhaps by what ran before | 20 | 40 | 480000000 | silent",
        "renewed in the second before it was started, perhaps | 20 | 40 | 479260000 | silent",
        "renewed just after it was started, at the latest | 20 | 40 | 479250000 | present",
        "renewed since it was started | 20 | 40 | 470000000 | present",
        "a clock that was set back since | -3600 | 40 | 400000000 | silent",
        "an uptime of the container's own | 20 | 40 | 9000000000 | present",
        "a start that systemd does not know | 20 | 40 | `` | present"
      })
  void aNodeThatIsThereIsPresentOnlyWhereItsKubeletHasReported(
      String what, int age, int holds, String started, String told) throws IOException {
    for (var host : hosts()) {
      var _ = host.program("systemctl", "echo ExecMainStartTimestampMonotonic=" + started);
      assertThat(asked(host, THERE, leaseOf(age, holds))).as(what).isEqualTo(told);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "exit 1",
        "echo 'Error from server (Forbidden): leases is forbidden' >&2; exit 1",
        "head -c 3000000 /dev/zero",
        "echo '{\"kind\":\"Lease\",\"spec\":{\"leaseDurationSeconds\":40}}'",
        "echo '{\"spec\":{\"leaseDurationSeconds\":40,\"renewTime\":\"$(id)\"}}'",
        "echo '{\"spec\":{\"leaseDurationSeconds\":99999999999999999999,\"renewTime\":\"2026-11-27T10:00:00Z\"}}'",
        "echo '{\"spec\":{\"leaseDurationSeconds\":40,\"renewTime\":\"9999-99-99T99:99:99Z\"}}'"
      })
  void aLeaseThatSaysNothingIsNoReport(String lease) throws IOException {
    for (var host : hosts()) {
      assertThat(asked(host, THERE, lease)).as(lease).isEqualTo("silent");
    }
  }

  @Test
  void oneThatNeverAnswersIsLeft() throws IOException {
    var host = host().program("timeout", "[ \"$1\" = 5 ] && exit 124; echo \"$*\"");
    assertThat(asked(host, "sleep 1000", "sleep 1000")).isEmpty();
  }

  @Test
  void withoutTheKubeletsCredentialsNobodyIsAsked() {
    var call = Call.of(Registration.LOOK, "/bin/false", directory + "/none", "w1", UNIT);
    assertThat(new LocalHost(directory).run(call)).isEqualTo(new Frame(0, ""));
  }

  private List<LocalHost> hosts() throws IOException {
    var hosts = new ArrayList<LocalHost>();
    for (var shell : List.of("/bin/dash", "/bin/bash", "/bin/busybox sh")) {
      if (Files.isExecutable(Path.of(shell.split(" ")[0]))) {
        hosts.add(host().in(shell.split(" ")));
      }
    }
    return hosts;
  }

  private LocalHost host() throws IOException {
    var _ = Files.createDirectories(directory.resolve("proc"));
    var _ = Files.writeString(directory.resolve("proc/uptime"), "500.25 900.00\n");
    return new LocalHost(directory)
        .below(directory)
        .program("systemctl", "echo ExecMainStartTimestampMonotonic=400000000");
  }

  private static String leaseOf(int age, int holds) {
    return "echo '{\"kind\":\"Lease\",\"metadata\":{\"managedFields\":[{\"fieldsV1\":{\"f:renewTime\":{}}}]},"
        + "\"spec\":{\"holderIdentity\":\"w1\",\"leaseDurationSeconds\":%d,\"renewTime\":\"'\"$(date -u -d @$((NOW - %d)) +%%FT%%T)\"'.123456Z\"}}'"
            .formatted(holds, age);
  }

  /** The clock stands still meanwhile. */
  private String asked(LocalHost host, String node, String lease) throws IOException {
    var joined = Files.writeString(directory.resolve("kubelet.kubeconfig"), "x").toString();
    var program = directory.resolve("kubectl");
    var now = "NOW=1795773730\n";
    var _ =
        host.program(
            "date", now + "[ \"$*\" = '-u +%s' ] && echo $NOW && exit; exec /bin/date \"$@\"");
    Files.writeString(
        program, "#!/bin/sh\n" + now + STRICT.formatted(joined, node, LEASE, lease) + "\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    return host.run(Call.of(Registration.LOOK, program.toString(), joined, "w1", UNIT)).output();
  }
}
