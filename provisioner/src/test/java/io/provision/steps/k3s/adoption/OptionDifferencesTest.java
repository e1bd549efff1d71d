package io.provision.steps.k3s.adoption;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What runs already is no reason to restart, and nothing of it is lost without a word. */
class OptionDifferencesTest {
  private static final Map<String, Object> WANTED =
      Map.of(
          "node-name", "n1",
          "node-ip", "10.0.0.11",
          "token-file", "/etc/rancher/k3s/server-token",
          "agent-token-file", "/etc/rancher/k3s/agent-token",
          "write-kubeconfig-mode", "0600",
          "cluster-cidr", "10.42.0.0/16",
          "service-cidr", "10.43.0.0/16",
          "tls-san", List.of("10.0.0.11", "n1"),
          "flannel-iface", "eth0");

  @Test
  void whatK3sTakesByItselfIsNoDifferenceToAFileThatSaysIt() {
    nothing("[\"server\"]", "{}", Map.of());
    nothing("[\"server\"]", "{\"K3S_TOKEN\":\"********\",\"K3S_DATA_DIR\":\"/var/x\"}", Map.of());
    nothing("[\"server\",\"--flannel-backend\",\"vxlan\",\"--rootless=false\"]", "{}", Map.of());
    nothing(
        "[\"server\",\"--write-kubeconfig-mode\",\"644\",\"--write-kubeconfig-mode\",\"600\"]",
        "{}",
        Map.of());
  }

  @Test
  void listsAreTheSameHoweverTheyAreWritten() {
    var disable = Map.<String, Object>of("disable", List.of("traefik", "servicelb"));
    nothing("[\"server\",\"--disable\",\"servicelb,traefik\"]", "{}", disable);
    nothing("[\"server\",\"--disable\",\"traefik\",\"--disable\",\"servicelb\"]", "{}", disable);
  }

  @Test
  void whatTheFileDoesNotSayIsLost() {
    var all =
        of(
            "[\"server\",\"--disable\",\"traefik\",\"--kubelet-arg\",\"max-pods=9\",\"--debug\"]",
            "{}",
            Map.of());
    assertThat(all.lost())
        .isEqualTo(
            Map.of(
                "disable", List.of("traefik"),
                "kubelet-arg", List.of("max-pods=9"),
                "debug", List.of("true")));
    assertThat(all.changed()).isEmpty();
    assertThat(of("[\"server\"]", "{\"K3S_RESOLV_CONF\":\"/x\"}", Map.of()).lost())
        .isEqualTo(Map.of("resolv-conf", List.of("/x")));
  }

  @Test
  void ofAListWhatIsMissingIsLostAlthoughTheFileSaysTheRest() {
    var some =
        of(
            "[\"server\",\"--disable\",\"traefik,servicelb\"]",
            "{}",
            Map.of("disable", List.of("servicelb", "coredns")));
    assertThat(some.lost()).isEqualTo(Map.of("disable", List.of("traefik")));
    assertThat(of("[\"server\",\"--node-ip\",\"10.0.0.11,fd00::1\"]", "{}", Map.of()).lost())
        .isEqualTo(Map.of("node-ip", List.of("fd00::1")));
  }

  @Test
  void whatTheFileSaysOtherwiseIsNamedWithBoth() {
    assertThat(changed("[\"server\",\"--write-kubeconfig-mode=644\"]", Map.of()))
        .containsExactly("write-kubeconfig-mode from 644 to 600");
    assertThat(changed("[\"server\",\"--node-ip\",\"10.9.9.9\"]", Map.of()))
        .containsExactly("node-ip from 10.9.9.9 to 10.0.0.11");
    assertThat(changed("[\"server\"]", Map.of("tls-san", List.of("n1", "home.example"))).toString())
        .contains("tls-san from", "home.example");
    assertThat(changed("[\"server\"]", Map.of("flannel-iface", "eth1")))
        .containsExactly("flannel-iface from eth0 to eth1");
    assertThat(changed("[\"server\"]", Map.of("selinux", true)))
        .containsExactly("selinux from (none) to true");
  }

  @Test
  void shortFlagsAndVariablesAreTheOptionsThatTheyStandFor() {
    var options =
        GivenOptions.of(
            "[\"agent\",\"-s\",\"https://a:6443\",\"-t\",\"********\",\"--node-label\",\"a=\\u003cb\\\"\"]",
            "{\"K3S_NODE_NAME\":\"w\",\"K3S_URL\":\"https://b\",\"K3S_KUBECONFIG_MODE\":\"644\",\"PATH\":\"/\"}");
    assertThat(options)
        .isEqualTo(
            Map.of(
                "server", List.of("https://a:6443"),
                "token", List.of("********"),
                "node-label", List.of("a=<b\""),
                "node-name", List.of("w"),
                "write-kubeconfig-mode", List.of("644")));
  }

  @Test
  void textThatIsNoJsonGivesNoOption() {
    for (var text : List.of("", "{", "null", "\"", "[\"server", "[\"\\", "[\"\\u00")) {
      assertThat(GivenOptions.of(text, text)).isEmpty();
    }
  }

  private static void nothing(String args, String environment, Map<String, Object> more) {
    var all = of(args, environment, more);
    assertThat(all.lost()).as(args).isEmpty();
    assertThat(all.changed()).as(args).isEmpty();
  }

  private static List<String> changed(String args, Map<String, Object> more) {
    var all = of(args, "{}", more);
    assertThat(all.lost()).isEmpty();
    return all.changed();
  }

  private static OptionDifferences of(String args, String environment, Map<String, Object> more) {
    var wanted = new HashMap<>(WANTED);
    wanted.putAll(more);
    var is =
        new ForeignK3s(
            "k3s.service",
            "/etc/systemd/system/k3s.service",
            true,
            "n1",
            GivenOptions.of(args, environment),
            List.of(),
            List.of(),
            List.of("10.0.0.11"),
            "10.0.0.11",
            Set.of());
    return OptionDifferences.of(wanted, is, Optional.of("eth0"));
  }
}
