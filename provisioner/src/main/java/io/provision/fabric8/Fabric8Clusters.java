package io.provision.fabric8;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.fabric8.kubernetes.client.utils.HttpClientUtils;
import io.provision.kube.ClusterApi;
import io.provision.kube.ClusterException;
import io.provision.kube.Clusters;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * Reaches APIs directly, over TLS, believing only the cluster's own authority. In a pod it asks as
 * its service account, and looks at no kubeconfig.
 */
public final class Fabric8Clusters implements Clusters {
  private static final int ANSWER_MILLIS = 15_000;
  private static final int RETRIES = 2;

  private final Optional<ServiceAccount> account;

  /** With the kubeconfigs that it is given. */
  public Fabric8Clusters() {
    account = Optional.empty();
  }

  /**
   * As the service account of this pod.
   *
   * @param directory where its kubelet puts {@code token} and {@code ca.crt}
   */
  public Fabric8Clusters(Path directory) {
    account = Optional.of(new ServiceAccount(directory));
  }

  @Override
  public boolean asksAsItself() {
    return account.isPresent();
  }

  @Override
  public ClusterApi open(Access access) throws ClusterException {
    if (account.isPresent()) {
      var own = account.get();
      var authority = own.authority();
      var tokens = own.tokens();
      var reached = reached(access);
      return new Fabric8Api(reached, client(config(reached), authority), tokens);
    }
    var login = ApiLogin.of(access.kubeconfig());
    var reached = reached(access);
    var config =
        new ConfigBuilder(config(reached))
            .withClientCertData(login.certificate())
            .withClientKeyData(login.key())
            .withClientKeyAlgo(login.algorithm())
            .withClientKeyPassphrase("")
            .build();
    return new Fabric8Api(reached, client(config, login.authority()));
  }

  private static String reached(Access access) throws ClusterException {
    var tried = new ArrayList<String>();
    for (var server : access.servers()) {
      var closed = Knock.at(server);
      if (closed.isEmpty()) {
        return server;
      }
      tried.add("%s (%s)".formatted(server, closed.get()));
    }
    throw new ClusterException(
        "the cluster's API cannot be reached at " + String.join(", nor at ", tried),
        "open port 6443 between here and there, or set 'cluster.endpoint' to an address that is"
            + " reached from here",
        null);
  }

  private static Config config(String server) {
    return new ConfigBuilder(Config.empty())
        .withMasterUrl(server)
        .withRequestTimeout(ANSWER_MILLIS)
        .withRequestRetryBackoffLimit(RETRIES)
        .build();
  }

  private static HttpClient client(Config config, String authority) throws ClusterException {
    var factory = new JdkHttpClientFactory();
    HttpClient.Builder builder = factory.newBuilder();
    try {
      HttpClientUtils.applyCommonConfiguration(config, builder, factory);
      builder.sslContext(SSLUtils.keyManagers(config), trust(authority));
      builder.connectTimeout(Knock.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      return builder.build();
    } catch (GeneralSecurityException | IOException | RuntimeException e) {
      throw new ClusterException(
          "the certificates in the kubeconfig that a server hands over cannot be used (%s)"
              .formatted(e.getMessage()),
          "look at that file on the server",
          e);
    }
  }

  private static TrustManager[] trust(String pem) throws GeneralSecurityException, IOException {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    var bytes = new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
    var number = 0;
    for (var authority : CertificateFactory.getInstance("X.509").generateCertificates(bytes)) {
      store.setCertificateEntry("authority-" + number++, authority);
    }
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }
}
