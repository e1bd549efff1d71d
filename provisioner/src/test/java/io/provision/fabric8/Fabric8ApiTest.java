package io.provision.fabric8;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.provision.kube.ClusterChange;
import io.provision.kube.ClusterException;
import io.provision.kube.ClusterQuestion;
import io.provision.kube.Clusters;
import io.provision.kube.LiveObject;
import io.provision.kube.Manifest;
import io.provision.kube.ObjectRef;
import io.provision.kube.Preview;
import io.provision.kube.comparison.Comparison;
import io.provision.model.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class Fabric8ApiTest {
  private static final ClusterQuestion.All CLASSES =
      new ClusterQuestion.All("storage.k8s.io/v1", "StorageClass", "a=b,c=d");

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
  void aLookSendsNothingButGetAndAsksEachThingOnce() throws Exception {
    var there = settings("blue");
    server.cluster().apply(there, "kubectl", false);
    var one = new ClusterQuestion.One(there.ref());
    var none = new ClusterQuestion.One(ObjectRef.of("v1", "Namespace", "nobody"));
    var answers = api.view().look(List.of(one, none, CLASSES));

    assertThat(answers.get(one))
        .asInstanceOf(InstanceOfAssertFactories.optional(LiveObject.class))
        .hasValueSatisfying(live -> assertThat(Comparison.of(there, live).isInSync()).isTrue());
    assertThat(answers.get(none)).isEqualTo(Optional.empty());
    assertThat(answers.get(CLASSES)).isEqualTo(List.of());
    assertThat(server.requests())
        .containsExactlyInAnyOrder(
            "GET /api/v1",
            "GET /apis/storage.k8s.io/v1",
            "GET /api/v1/namespaces/app/configmaps/settings",
            "GET /api/v1/namespaces/nobody",
            "GET /apis/storage.k8s.io/v1/storageclasses?labelSelector=a%3Db%2Cc%3Dd");
  }

  @Test
  void aPreviewIsADryRunAndPersistsNothing() throws Exception {
    apply(settings("blue"), false);
    var wanted = settings("red");
    var preview = api.view().preview(List.of(wanted)).get(wanted);
    assertThat(preview)
        .isInstanceOfSatisfying(
            Preview.Would.class,
            it -> assertThat(it.after().content().toString()).contains("colour=red"));
    assertThat(look(wanted).content().toString()).contains("colour=blue");
    assertThat(server.requests())
        .contains(
            "PATCH /api/v1/namespaces/app/configmaps/settings"
                + "?fieldManager=provision&force=true&dryRun=All");

    server.cluster().takesNoDryRuns("admission webhook \"w\" does not support dry run");
    assertThat(api.view().preview(List.of(wanted)))
        .containsEntry(
            wanted, new Preview.CannotSay("400, admission webhook \"w\" does not support dry run"));
  }

  @Test
  void aKindThatTheApiDoesNotKnowHasNoObjectsAndCannotBeApplied() throws Exception {
    var ref = ObjectRef.of("example.org/v1", "Thing", "it");
    var question = new ClusterQuestion.One(ref);
    assertThat(api.view().look(List.of(question))).containsEntry(question, Optional.empty());
    assertThatThrownBy(() -> apply(manifest("example.org/v1", "Thing", "it", Map.of()), false))
        .isInstanceOf(ClusterException.class)
        .hasMessage("Thing it: the API has no kind 'Thing' in example.org/v1");
  }

  @Test
  void whatIsAppliedIsInSyncWithTheNextLook() throws Exception {
    var wanted = settings("blue");
    apply(wanted, false);
    assertThat(Comparison.of(wanted, look(wanted)).isInSync()).isTrue();
    assertThat(Comparison.isOurs(look(wanted))).isTrue();
    assertThat(Comparison.of(settings("red"), look(wanted)).isInSync()).isFalse();
  }

  @Test
  void aFieldOfAnotherManagerIsNotTakenUnlessItIsSaidSo() throws Exception {
    var wanted = settings("blue");
    apply(wanted, false);
    server.cluster().update(wanted.ref(), "kubectl-edit", "red", "f:data", "f:colour");
    assertThatThrownBy(() -> apply(wanted, false))
        .isInstanceOf(ClusterException.class)
        .hasMessageContaining("ConfigMap app/settings: the API refused it with 409")
        .hasMessageContaining(".data.colour: conflict with \"kubectl-edit\"");
    assertThat(Comparison.of(wanted, look(wanted)).isInSync()).isFalse();
    apply(wanted, true);
    assertThat(Comparison.of(wanted, look(wanted)).isInSync()).isTrue();
  }

  @Test
  void whatIsGoneAlreadyIsNoErrorToDelete() throws Exception {
    var wanted = settings("blue");
    apply(wanted, false);
    api.change(new ClusterChange.Delete(wanted.ref()));
    api.change(new ClusterChange.Delete(wanted.ref()));
    assertThat(server.cluster().refs()).isEmpty();
  }

  /** As where the address that it is asked by is carried by nobody any more. */
  @Test
  void anApiThatTakesARequestAndNeverAnswersIsNotWaitedForWithoutEnd() throws Exception {
    HttpClient.Builder builder = new JdkHttpClientFactory().newBuilder();
    try (var silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        var asked =
            new Fabric8Api(
                "http://127.0.0.1:" + silent.getLocalPort(),
                builder.build(),
                Duration.ofSeconds(1))) {
      var gone = ObjectRef.of("v1", "Namespace", "app");
      assertThatThrownBy(() -> asked.change(new ClusterChange.Delete(gone)))
          .isInstanceOfSatisfying(
              ClusterException.class,
              it ->
                  assertThat(it.what())
                      .contains("127.0.0.1", "does not answer", "no answer within 1 s"))
          .matches(it -> ((ClusterException) it).isUnanswered());
      var question = new ClusterQuestion.One(gone);
      assertThatThrownBy(() -> asked.view().look(List.of(question)))
          .hasMessageContaining("no answer within 1 s")
          .matches(it -> ((ClusterException) it).isUnanswered());
    }
  }

  /** The connection stays, as one does whose other end was taken away. */
  @Test
  void whoTakesNoConnectionAnyMoreIsNotWaitedForUntilTheEnd() throws Exception {
    HttpClient.Builder builder = new JdkHttpClientFactory().newBuilder();
    var leaving = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    var url = "http://127.0.0.1:" + leaving.getLocalPort();
    var kept = CompletableFuture.supplyAsync(() -> onlyOne(leaving));
    try (var asked = new Fabric8Api(url, builder.build(), Duration.ofSeconds(6))) {
      var gone = ObjectRef.of("v1", "Namespace", "app");
      assertThatThrownBy(() -> asked.change(new ClusterChange.Delete(gone)))
          .isInstanceOfSatisfying(
              ClusterException.class,
              it -> assertThat(it.what()).contains("127.0.0.1", "no connection is taken there"))
          .matches(it -> ((ClusterException) it).isUnanswered());
    } finally {
      kept.join().close();
    }
  }

  private static Socket onlyOne(ServerSocket leaving) {
    try (leaving) {
      return leaving.accept();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void anApiThatIsNotThereIsNamedWithEveryAddress() {
    var kubeconfig =
        """
        current-context: c
        contexts: [{ name: c, context: { cluster: k, user: u } }]
        clusters: [{ name: k, cluster: { certificate-authority-data: QQ== } }]
        users: [{ name: u, user: { client-certificate-data: QQ==, client-key-data: QQ== } }]
        """;
    var access =
        new Clusters.Access(
            List.of("https://127.0.0.1:1", "https://127.0.0.1:2"), Secret.of(kubeconfig));
    assertThatThrownBy(() -> new Fabric8Clusters().open(access))
        .isInstanceOf(ClusterException.class)
        .hasMessageContaining("cannot be reached at https://127.0.0.1:1 (")
        .hasMessageContaining("nor at https://127.0.0.1:2 (");
  }

  @Test
  void aKubeconfigThatWouldRunAProgramIsOfNoUseAndIsNotQuoted() {
    var kubeconfig =
        """
        current-context: c
        contexts: [{ name: c, context: { cluster: k, user: u } }]
        clusters: [{ name: k, cluster: { certificate-authority-data: QQ== } }]
        users: [{ name: u, user: { exec: { command: /bin/s3cret } } }]
        """;
    for (var text : List.of(kubeconfig, "s3cret: [", "s3cret")) {
      assertThatThrownBy(() -> ApiLogin.of(Secret.of(text)))
          .isInstanceOf(ClusterException.class)
          .hasMessageContaining("is of no use")
          .hasMessageNotContaining("s3cret");
    }
  }

  private LiveObject look(Manifest manifest) throws Exception {
    var question = new ClusterQuestion.One(manifest.ref());
    return ((Optional<?>) api.view().look(List.of(question)).get(question))
        .map(LiveObject.class::cast)
        .orElseThrow();
  }

  private void apply(Manifest manifest, boolean force) throws ClusterException {
    api.change(new ClusterChange.Apply(manifest, force));
  }

  private static Manifest settings(String colour) {
    return manifest("v1", "ConfigMap", "settings", Map.of("data", Map.of("colour", colour)));
  }

  private static Manifest manifest(
      String version, String kind, String name, Map<String, Object> rest) {
    var document = new java.util.LinkedHashMap<String, Object>(rest);
    document.put("apiVersion", version);
    document.put("kind", kind);
    document.put(
        "metadata",
        kind.equals("ConfigMap") ? Map.of("name", name, "namespace", "app") : Map.of("name", name));
    return Manifest.of(document);
  }
}
