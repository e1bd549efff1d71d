package io.provision.steps.kubeadm.names;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.steps.kubeadm.KubeadmCases;
import io.provision.steps.kubernetes.Cases;
import io.provision.steps.kubernetes.Nodes;
import java.util.List;
import org.junit.jupiter.api.Test;

/** By what nodes find the API. */
final class ApiNameTest {
  @Test
  void aNameOfTheOperatorsIsTheEndpointAndAnAddressStandsBehindOurs() {
    var name = KubeadmCases.inventory("endpoint: api.example.org").cluster().orElseThrow();
    assertThat(ApiName.of(name)).isEqualTo("api.example.org");
    assertThat(ApiName.isOurs(name)).isFalse();
    var inventory = KubeadmCases.inventory("endpoint: 10.0.0.100");
    var known = new Cases.Settled();
    assertThat(ApiName.of(inventory.cluster().orElseThrow())).isEqualTo("api.home.internal");
    assertThat(ApiName.addresses(KubeadmCases.on("w1", inventory), known))
        .containsExactly("10.0.0.100");
  }

  /** What carries the virtual address comes once the cluster stands: nodes cannot wait for it. */
  @Test
  void aVirtualAddressIsANameOfTheApiAndNoWayOfTheNodes() {
    for (var more : List.of("virtual_ip: 10.0.0.9", "virtual_ip: 10.0.0.9\nendpoint: api.home")) {
      var inventory = KubeadmCases.inventory(more);
      var known = new Cases.Settled();
      for (var server : Nodes.servers(inventory)) {
        known = known.address(server);
      }
      assertThat(ApiName.isOurs(inventory.cluster().orElseThrow())).as(more).isTrue();
      assertThat(ApiName.addresses(KubeadmCases.on("w1", inventory), known))
          .as(more)
          .containsExactly("10.0.0.1", "10.0.0.2", "10.0.0.3");
    }
  }

  @Test
  void withoutAnEndpointOurNameStandsForAllControlPlanes() {
    var inventory = KubeadmCases.inventory("");
    var known = new Cases.Settled();
    for (var server : Nodes.servers(inventory)) {
      known = known.address(server);
    }
    assertThat(ApiName.addresses(KubeadmCases.on("w1", inventory), known))
        .containsExactly("10.0.0.1", "10.0.0.2", "10.0.0.3");
  }

  @Test
  void theAddressOfAClusterThatLivesIsTakenUnlessTheInventorySaysAName() {
    var inventory = KubeadmCases.inventory("");
    var found =
        new Cases.Settled().has(Nodes.servers(inventory).getFirst(), ApiName.FOUND, "10.0.0.1");
    assertThat(ApiName.of(inventory.cluster().orElseThrow(), found)).isEqualTo("10.0.0.1");
    assertThat(ApiName.of(inventory.cluster().orElseThrow(), new Cases.Settled()))
        .isEqualTo("api.home.internal");
    var named = KubeadmCases.inventory("endpoint: api.example.org").cluster().orElseThrow();
    assertThat(ApiName.of(named, found)).isEqualTo("api.example.org");
  }

  @Test
  void whereAnApiIsIsReadOfItsUrl() {
    assertThat(ApiName.host("https://10.0.0.1:6443")).contains("10.0.0.1");
    assertThat(ApiName.host("https://[fd00::1]:6443")).contains("fd00::1");
    assertThat(ApiName.host("https://api.home:8443")).contains("api.home");
    assertThat(ApiName.port("https://api.home:8443")).isEqualTo(8443);
    for (var garbage : List.of("", "api.home", "http://a:1", "https://a", "https://a:1/x")) {
      assertThat(ApiName.host(garbage)).as(garbage).isEmpty();
      assertThat(ApiName.port(garbage)).as(garbage).isZero();
    }
  }
}
