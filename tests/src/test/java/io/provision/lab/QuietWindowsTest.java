package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Debian's Prometheus, with five weeks of two hosts that are idle on Sundays from three to six. */
@Tag("long")
class QuietWindowsTest {

  /**
   * Counters of cores, by their modes, every five minutes: of Sundays in Seoul, nine hours east.
   */
  private static final String SAMPLES =
      """
      awk -v now="$(date +%s)" 'BEGIN {
        print "# TYPE node_cpu_seconds counter"
        for (t = now - now % 300 - 35 * 86400; t <= now; t += 300) {
          there = t - 300 + 9 * 3600
          sunday = (int(there / 86400) + 4) % 7 == 0
          hour = int(there % 86400 / 3600)
          busy = sunday && hour >= 3 && hour < 6 ? 0.25 : 3
          for (host = 1; host <= 2; host++) {
            user[host] += busy * 300
            idle[host] += (4 - busy) * 300
            printf "node_cpu_seconds_total{instance=\\"n%d\\",mode=\\"user\\"} %d %d\\n", host, user[host], t
            printf "node_cpu_seconds_total{instance=\\"n%d\\",mode=\\"idle\\"} %d %d\\n", host, idle[host], t
          }
        }
        print "# EOF"
      }' >/root/samples\
      """;

  @Test
  void theHourIsFoundInWhatItHasMeasured() {
    try (var lab = Lab.of(1)) {
      lab.write("none.yml", "- name: nothing\n  hosts: all\n  steps:\n    - hostname: {}\n");
      lab.inventory("none.yml", Map.of());
      var node = lab.node(1);
      node.sh("apt-get -q update && apt-get -q -y install --no-install-recommends prometheus");
      node.sh("systemctl stop prometheus");
      node.sh(SAMPLES);
      node.sh("promtool tsdb create-blocks-from openmetrics /root/samples /srv/tsdb >/dev/null");
      node.sh("chown -R prometheus: /srv/tsdb");
      node.sh(
          "echo 'ARGS=\"--storage.tsdb.path=/srv/tsdb --storage.tsdb.retention.time=90d\"' >/etc/default/prometheus");
      node.sh("systemctl start prometheus");
      node.await(
          "answer of Prometheus",
          "journalctl -u prometheus -n 40 | tail -n 20 | grep -q 'ready to receive web requests'");

      var url = "http://%s:9090".formatted(node.address());
      var found =
          lab.provision()
              .run("rotate", "inventory.yml", "--propose-windows=" + url, "--zone=Asia/Seoul")
              .exits(0);
      System.out.println(found.text());
      assertThat(found.text())
          .contains("rotation: { windows: ['Sun 03:00-06:00 Asia/Seoul'] }")
          .containsPattern("Sun 03:00-06:00 Asia/Seoul +0[.]5 +0[.]5 +4 ")
          .doesNotContain("daily");

      var many =
          lab.provision()
              .run(
                  "rotate",
                  "inventory.yml",
                  "--propose-windows=" + url,
                  "--query=rate(node_cpu_seconds_total[15m])")
              .exits(1);
      assertThat(many.text()).contains("gives 4 series");
      var wrong =
          lab.provision()
              .run("rotate", "inventory.yml", "--propose-windows=" + url, "--query=sum(")
              .exits(1);
      assertThat(wrong.text()).contains("refuses the query (bad_data");
      var later =
          lab.provision()
              .run("rotate", "inventory.yml", "--propose-windows=" + url, "--query=sum(no_such)")
              .exits(1);
      assertThat(later.text()).contains("has measured nothing");
    }
  }
}
