package io.provision.fabric8;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.provision.kube.ClusterException;
import io.provision.kube.ClusterQuestion;
import io.provision.kube.Clusters;
import io.provision.kube.ObjectRef;
import io.provision.model.Secret;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pod asks as its service account, with the token that its kubelet renews. */
final class ServiceAccountTest {
  private static final ObjectRef NAMESPACE = ObjectRef.of("v1", "Namespace", "kube-system");

  @TempDir private Path directory;

  @Test
  void eachRequestHasTheTokenOfItsMoment() throws Exception {
    var asked = new CopyOnWriteArrayList<String>();
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          asked.add(exchange.getRequestHeaders().getFirst("Authorization"));
          var answer = "{\"resources\":[]}".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
    Files.writeString(directory.resolve("token"), "first\n");
    var url = "http://127.0.0.1:" + server.getAddress().getPort();
    HttpClient.Builder builder = new JdkHttpClientFactory().newBuilder();
    try (var api = new Fabric8Api(url, builder.build(), new ServiceAccount(directory).tokens())) {
      var _ = api.view().look(List.of(new ClusterQuestion.One(NAMESPACE)));
      Files.writeString(directory.resolve("token"), "second\n");
      var _ = api.view().look(List.of(new ClusterQuestion.One(NAMESPACE)));
    } finally {
      server.stop(0);
    }
    assertThat(asked).containsExactly("Bearer first", "Bearer second");
  }

  @Test
  void whereThereIsNoneItIsSaid() {
    var clusters = new Fabric8Clusters(directory);
    assertThat(clusters.asksAsItself()).isTrue();
    assertThat(new Fabric8Clusters().asksAsItself()).isFalse();
    var access = new Clusters.Access(List.of("https://127.0.0.1:1"), Secret.of(""));
    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() -> clusters.open(access))
        .withMessageContaining("ca.crt cannot be read");
  }
}
