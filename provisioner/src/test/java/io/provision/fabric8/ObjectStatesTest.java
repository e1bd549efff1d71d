package io.provision.fabric8;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.provision.kube.ClusterQuestion;
import io.provision.kube.ObjectStates;
import io.provision.kube.WholeObjects;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a status asks is bounded in number and time, and no answer of an API is an exception. */
class ObjectStatesTest {
  private static final ClusterQuestion.States NODES = asking("Node", Duration.ofSeconds(60));
  private static final ClusterQuestion.States PODS = asking("Pod", Duration.ofSeconds(60));

  private ApiServer server;
  private Fabric8Api api;

  @BeforeEach
  void start() throws IOException {
    server = new ApiServer();
    HttpClient.Builder builder = new JdkHttpClientFactory().newBuilder();
    api = new Fabric8Api(server.url(), builder.build());
  }

  @AfterEach
  void stop() {
    api.close();
    server.close();
  }

  @Test
  void nodesAndPodsComeWithTheirStatusByGetAlone() throws Exception {
    var node = Map.of("metadata", Map.of("name", "w1"), "status", Map.of("phase", "x"));
    var pod = Map.of("metadata", Map.of("name", "dns", "namespace", "kube-system"));
    says("/api/v1/nodes", Map.of("items", List.of(node)));
    says("/api/v1/pods", Map.of("items", List.of(pod), "metadata", Map.of("continue", "abc")));
    var answers = api.view().look(List.of(NODES, PODS));
    assertThat(answers.get(NODES))
        .isEqualTo(
            new ObjectStates.Seen(
                List.of(
                    new ObjectStates.State(Optional.empty(), "w1", Map.of(), Map.of("phase", "x"))),
                true));
    assertThat(answers.get(PODS))
        .isInstanceOfSatisfying(
            ObjectStates.Seen.class,
            seen -> {
              assertThat(seen.all()).isFalse();
              assertThat(seen.objects().getFirst().title()).isEqualTo("kube-system/dns");
            });
    assertThat(server.requests())
        .containsExactlyInAnyOrder(
            "GET /api/v1", "GET /api/v1/nodes?limit=7", "GET /api/v1/pods?limit=7");
  }

  /** Thousands of pods come page by page, whole. */
  @Test
  void whatIsAskedForAsAWholeComesInPages() throws Exception {
    server.pages(
        "/api/v1/pods",
        query ->
            switch (query) {
              case "limit=500" -> new ApiServer.Answer(200, page("a", "more"));
              case "limit=500&continue=more" -> new ApiServer.Answer(200, page("b", ""));
              default -> ApiServer.error(400, "unexpected: " + query);
            });
    var pods = new ClusterQuestion.Whole("v1", "Pod", Duration.ofSeconds(60));
    var none = new ClusterQuestion.Whole("example.com/v1", "Nothing", Duration.ofSeconds(60));
    var answers = api.view().look(List.of(pods, none));
    assertThat(((WholeObjects) answers.get(pods)).objects())
        .extracting(it -> it.get("metadata"))
        .containsExactly(Map.of("name", "a"), Map.of("name", "b"));
    assertThat(((WholeObjects) answers.get(none)).objects()).isEmpty();
    assertThat(((WholeObjects) answers.get(none)).unheard()).isEmpty();
  }

  @Test
  void whatIsAskedForAsAWholeAndRefusedOrSilentIsAnAnswer() throws Exception {
    server.pages("/api/v1/pods", _ -> ApiServer.error(403, "pods is forbidden"));
    var pods = new ClusterQuestion.Whole("v1", "Pod", Duration.ofSeconds(60));
    assertThat(((WholeObjects) api.view().look(List.of(pods)).get(pods)).unheard())
        .get()
        .asString()
        .contains("pods is forbidden");
    var never = new CountDownLatch(1);
    server.pages(
        "/api/v1/pods",
        _ -> {
          try {
            never.await();
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
          return ApiServer.error(500, "late");
        });
    var brief = new ClusterQuestion.Whole("v1", "Pod", Duration.ofSeconds(1));
    assertThat(((WholeObjects) api.view().look(List.of(brief)).get(brief)).unheard())
        .get()
        .asString()
        .contains("timed out after 1 s");
    never.countDown();
  }

  private static Map<String, Object> page(String name, String next) {
    var pod = Map.of("metadata", Map.of("name", name, "managedFields", List.of("x")));
    return Map.of("metadata", Map.of("continue", next), "items", List.of(pod));
  }

  @Test
  void whatIsRefusedGarbledOrOddIsAnAnswer() throws Exception {
    server.lists("/api/v1/nodes", () -> ApiServer.error(403, "nodes is forbidden"));
    says("/api/v1/pods", Map.of("items", List.of("odd", Map.of("metadata", "odd", "status", 5))));
    var answers = api.view().look(List.of(NODES, PODS));
    assertThat(answers.get(NODES))
        .isInstanceOfSatisfying(
            ObjectStates.Unheard.class,
            it -> assertThat(it.why()).contains("refused it with 403 (nodes is forbidden)"));
    assertThat(answers.get(PODS))
        .isInstanceOfSatisfying(
            ObjectStates.Seen.class, seen -> assertThat(seen.objects()).hasSize(1));
  }

  @Test
  void anApiThatNeverAnswersIsLeftAfterItsBudgetAndHoldsUpNoOther() throws Exception {
    var never = new CountDownLatch(1);
    server.lists(
        "/api/v1/pods",
        () -> {
          try {
            never.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return ApiServer.error(500, "late");
        });
    says("/api/v1/nodes", Map.of("items", List.of()));
    var impatient = asking("Pod", Duration.ofMillis(50));
    try {
      var answers = api.view().look(List.of(NODES, impatient));
      assertThat(answers.get(NODES)).isEqualTo(new ObjectStates.Seen(List.of(), true));
      assertThat(answers.get(impatient))
          .isInstanceOfSatisfying(
              ObjectStates.Unheard.class, it -> assertThat(it.why()).contains("timed out after"));
    } finally {
      never.countDown();
    }
  }

  private void says(String path, Map<String, ?> body) {
    server.lists(path, () -> new ApiServer.Answer(200, body));
  }

  private static ClusterQuestion.States asking(String kind, Duration budget) {
    return new ClusterQuestion.States("v1", kind, 7, budget);
  }
}
