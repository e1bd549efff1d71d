package io.provision.fabric8;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.fabric8.kubernetes.client.utils.HttpClientUtils;
import io.provision.kube.ClusterApi.Eviction;
import io.provision.kube.ClusterException;
import io.provision.kube.Manifest;
import io.provision.kube.ObjectRef;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What actions are made of, as requests. */
class WorkTest {
  private static final ObjectRef NODE = ObjectRef.of("v1", "Node", "w1");
  private static final ObjectRef POD = new ObjectRef("v1", "Pod", Optional.of("shop"), "web-0");

  private ApiServer server;
  private Fabric8Api api;

  @BeforeEach
  void start() throws IOException {
    server = new ApiServer();
    var factory = new JdkHttpClientFactory();
    HttpClient.Builder builder = factory.newBuilder();
    var once = new ConfigBuilder(Config.empty()).withRequestRetryBackoffLimit(0).build();
    HttpClientUtils.applyCommonConfiguration(once, builder, factory);
    api = new Fabric8Api(server.url(), builder.build());
  }

  @AfterEach
  void stop() {
    api.close();
    server.close();
  }

  private static ApiServer.Answer refusal(int code, String message, Map<String, String> cause) {
    return new ApiServer.Answer(
        code,
        Map.of("kind", "Status", "message", message, "details", Map.of("causes", List.of(cause))));
  }

  private Eviction evicted(ApiServer.Answer answer) throws ClusterException {
    server.evictions(() -> answer);
    return api.work().evict(POD);
  }

  @Test
  void anEvictionThatWasTakenOrHasNothingToEvictIsGoing() throws Exception {
    assertThat(evicted(new ApiServer.Answer(201, Map.of()))).isInstanceOf(Eviction.Going.class);
    assertThat(evicted(ApiServer.error(404, "not found"))).isInstanceOf(Eviction.Going.class);
    var ending = Map.of("reason", "NamespaceTerminating", "message", "it is being terminated");
    assertThat(evicted(refusal(403, "forbidden", ending))).isInstanceOf(Eviction.Going.class);
  }

  @Test
  void aBudgetIsNamedByWhatTheApiSaysOfIt() throws Exception {
    var cause =
        Map.of(
            "reason", "DisruptionBudget",
            "message", "The disruption budget web needs 2 healthy pods and has 2 currently");
    assertThat(evicted(refusal(429, "Cannot evict pod as it would violate the budget.", cause)))
        .isEqualTo(new Eviction.Blocked(cause.get("message")));
    assertThat(evicted(ApiServer.error(429, "too many requests")))
        .isEqualTo(new Eviction.Blocked("too many requests"));
  }

  @Test
  void twoBudgetsOnOnePodAreForGood() throws Exception {
    var message = "This pod has more than one PodDisruptionBudget, which is not supported.";
    assertThat(evicted(ApiServer.error(500, message))).isEqualTo(new Eviction.Never(message));
  }

  @Test
  void whateverElseIsRefusedIsAFailure() {
    for (var answer :
        List.of(
            ApiServer.error(403, "no"), ApiServer.error(500, "etcd"), ApiServer.error(400, "no"))) {
      assertThatThrownBy(() -> evicted(answer))
          .isInstanceOfSatisfying(
              ClusterException.class,
              e -> assertThat(e.what()).contains("Pod shop/web-0", "" + answer.code()));
    }
  }

  @Test
  void aMergePatchChangesWhatIsThereAndMakesNothing() throws Exception {
    var nothing = new HashMap<String, Object>();
    nothing.put("unschedulable", null);
    var patch = Map.<String, Object>of("spec", nothing);
    assertThatThrownBy(() -> api.work().merge(NODE, patch)).isInstanceOf(ClusterException.class);
    assertThat(server.cluster().refs()).isEmpty();

    server.cluster().apply(node(), "kubelet", false);
    api.work().merge(NODE, patch);
    assertThat(server.merged()).containsExactly("{\"spec\":{\"unschedulable\":null}}");
  }

  /** A webhook whose pod has only just come up. */
  @Test
  void whatAWebhookCannotSayYetMayPass() {
    assertThat(Refusals.of("x", 500, Map.of("message", "failed calling webhook \"a\"")).isPassing())
        .isTrue();
    for (var code : List.of(500, 403, 409, 422)) {
      assertThat(Refusals.of("x", code, Map.of("message", "no")).isPassing()).isFalse();
    }
  }

  /** Whatever code it chose, and however the API failed of it. */
  @Test
  void aWebhookThatIsInTheWayIsNamedWithTheWayOut() {
    var silent =
        "Internal error occurred: failed calling webhook \"pools.metallb.io\": failed to call"
            + " webhook: Post \"https://metallb-webhook-service.metallb-system.svc:443/v\": no endpoints"
            + " available for service";
    assertThat(Refusals.of("IPAddressPool p", 500, Map.of("message", silent)))
        .satisfies(it -> assertThat(it.what()).contains("IPAddressPool p", "metallb-system.svc"))
        .satisfies(it ->
            assertThat(it.remedy())
                .contains(
                    "webhook pools.metallb.io does not answer", "validatingwebhookconfigurations"));
    for (var code : List.of(400, 403)) {
      var denied = "admission webhook \"policy.example\" denied the request: no latest tag";
      assertThat(Refusals.of("x", code, Map.of("message", denied)).remedy())
          .contains("the webhook policy.example")
          .doesNotContain("roles");
    }
    assertThat(Refusals.of("x", 403, Map.of("message", "no")).remedy()).contains("roles");
  }

  @Test
  void aNamespaceThatEndsIsNoMatterOfRoles() {
    var cause = Map.of("reason", "NamespaceTerminating", "message", "namespace app is ending");
    var status = Map.of("message", "no", "details", Map.of("causes", List.of(cause)));
    assertThat(Refusals.of("x", 403, status).remedy())
        .contains("until that namespace is gone")
        .doesNotContain("roles");
  }

  private static Manifest node() {
    return Manifest.of(
        Map.of("apiVersion", "v1", "kind", "Node", "metadata", Map.of("name", "w1")));
  }

  @Test
  void thePodsOfANodeAreAskedForByItsNameWithoutThoseThatHaveEnded() throws Exception {
    var pod = Map.of("metadata", Map.of("name", "web-0", "namespace", "shop"));
    server.lists("/api/v1/pods", () -> new ApiServer.Answer(200, Map.of("items", List.of(pod))));
    assertThat(api.work().podsOn("w1")).isEqualTo(List.of(pod));
    server.lists("/api/v1/pods", () -> new ApiServer.Answer(200, Map.of()));
    assertThat(api.work().podsOn("w1")).isEmpty();
    server.lists("/api/v1/pods", () -> ApiServer.error(500, "etcd"));
    assertThatThrownBy(() -> api.work().podsOn("w1")).isInstanceOf(ClusterException.class);
  }

  /** Of thousands, page by page; whoever set which fields of them is left out. */
  @Test
  void thePodsOfANamespaceComeInPages() throws Exception {
    var path = "/api/v1/namespaces/shop/pods";
    server.pages(
        path,
        query ->
            switch (query) {
              case "limit=500&labelSelector=app+in+%28web%29" -> page("web-0", "a/b+c");
              case "limit=500&labelSelector=app+in+%28web%29&continue=a%2Fb%2Bc" ->
                  page("web-1", "");
              default -> ApiServer.error(400, "unexpected: " + query);
            });
    assertThat(api.work().podsIn("shop", "app in (web)"))
        .isEqualTo(List.of(pod("web-0"), pod("web-1")));
    server.pages(path, _ -> ApiServer.error(410, "the continue token is too old"));
    assertThatThrownBy(() -> api.work().podsIn("shop", ""))
        .isInstanceOfSatisfying(
            ClusterException.class, e -> assertThat(e.what()).contains("too old"));
    server.pages(path, _ -> ApiServer.error(404, "no such namespace"));
    assertThat(api.work().podsIn("shop", "")).isEmpty();
  }

  @Test
  void aListThatNeverEndsIsAFailure() {
    server.pages("/api/v1/namespaces/shop/pods", _ -> page("web-0", "again"));
    assertThatThrownBy(() -> api.work().podsIn("shop", ""))
        .isInstanceOfSatisfying(
            ClusterException.class, e -> assertThat(e.what()).contains("goes on after 400 pages"));
  }

  private static Map<String, Object> pod(String name) {
    return Map.of("metadata", Map.of("name", name));
  }

  private static ApiServer.Answer page(String name, String next) {
    var managed = Map.of("name", name, "managedFields", List.of(Map.of("manager", "kubelet")));
    return new ApiServer.Answer(
        200,
        Map.of(
            "metadata", Map.of("continue", next), "items", List.of(Map.of("metadata", managed))));
  }

  /** An API without that group, as one of a test, has none either. */
  @Test
  void volumesThatAreAttachedAreAskedForInOneRequest() throws Exception {
    var path = "/apis/storage.k8s.io/v1/volumeattachments";
    assertThat(api.work().volumeAttachments()).isEmpty();
    assertThat(server.requests()).containsExactly("GET " + path);
    var one = Map.of("spec", Map.of("nodeName", "w1"));
    server.attachments(() -> new ApiServer.Answer(200, Map.of("items", List.of(one))));
    assertThat(api.work().volumeAttachments()).isEqualTo(List.of(one));
    server.attachments(() -> ApiServer.error(500, "etcd"));
    assertThatThrownBy(() -> api.work().volumeAttachments()).isInstanceOf(ClusterException.class);
  }

  @Test
  void anObjectIsReadWithItsStatusOrNotThere() throws Exception {
    assertThat(api.work().read(NODE)).isEmpty();
    server.cluster().apply(node(), "kubelet", false);
    assertThat(api.work().read(NODE).orElseThrow()).containsEntry("kind", "Node");
  }
}
