package io.provision.fabric8;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.kube.ObjectStates;
import io.provision.kube.ObjectStates.State;
import io.provision.kube.Reaches.Reach;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ServiceReachTest {
  private static State service(String type, String protocol, int port, String... addresses) {
    var ingress = List.of(addresses).stream().map(it -> Map.<String, Object>of("ip", it)).toList();
    return new State(
        Optional.of("default"),
        "s" + port,
        Map.of("type", type, "ports", List.of(Map.of("protocol", protocol, "port", port))),
        Map.of("loadBalancer", Map.of("ingress", ingress)));
  }

  private static List<Reach> reaches(State... services) {
    var seen = new ObjectStates.Seen(List.of(services), true);
    return ServiceReach.of(seen, 50, Duration.ofSeconds(3)).all();
  }

  @Test
  void whatListensAnswersAndWhatDoesNotSaysWhy() throws IOException {
    int closed;
    try (var gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = gone.getLocalPort();
    }
    try (var open = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var all =
          reaches(
              service("LoadBalancer", "TCP", open.getLocalPort(), "127.0.0.1"),
              service("LoadBalancer", "TCP", closed, "127.0.0.1"));
      assertThat(all).extracting(Reach::why).first().isEqualTo("");
      assertThat(all.getLast().why()).contains("refused", "pods that are ready");
    }
  }

  @Test
  void oneWithoutAnAddressIsSaidAndOthersAreNotAsked() {
    assertThat(
            reaches(
                service("LoadBalancer", "TCP", 80),
                service("ClusterIP", "TCP", 81, "127.0.0.1"),
                service("LoadBalancer", "UDP", 53, "127.0.0.1")))
        .containsExactly(new Reach("default/s80", "", 80, "it has no address yet"));
  }

  /** What an API says is whatever it says. */
  @Test
  void whatHasAnotherShapeIsNotThere() {
    var odd =
        new State(
            Optional.empty(),
            "odd",
            Map.of("type", "LoadBalancer", "ports", List.of("x", Map.of("port", "80"))),
            Map.of("loadBalancer", "none"));
    assertThat(reaches(odd)).isEmpty();
    var unheard = ServiceReach.of(new ObjectStates.Unheard("no"), 1, Duration.ofSeconds(1));
    assertThat(unheard.unheard()).isEqualTo("no");
  }
}
