package io.provision.engine.session;

import io.provision.kube.ClusterApi;
import io.provision.kube.ClusterException;
import io.provision.kube.ClusterQuestion;
import io.provision.kube.Clusters;
import io.provision.kube.ObjectRef;
import io.provision.model.HostName;
import io.provision.model.Secret;
import io.provision.step.ClusterAccess;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The servers that control planes were seen to serve a cluster's API at, for when the one that is
 * asked falls silent.
 */
final class OtherServers {
  /** What every cluster answers to whoever may ask it anything. */
  static final Set<ClusterQuestion<?>> PROOF =
      Set.of(new ClusterQuestion.One(ObjectRef.of("v1", "Namespace", "kube-system")));

  private final Clusters clusters;
  private final Consumer<String> note;
  private final Map<HostName, ClusterAccess> known = new LinkedHashMap<>();
  private final Map<HostName, String> tunnels = new LinkedHashMap<>();

  /**
   * @param note told where it is gone on by another one
   */
  OtherServers(Clusters clusters, Consumer<String> note) {
    this.clusters = clusters;
    this.note = note;
  }

  /** What a control plane was seen to serve. */
  synchronized void know(ClusterAccess access) {
    known.put(access.kubeconfig().from(), access);
  }

  /**
   * The first of them that answers to these credentials: directly, else the silent one itself,
   * which may have been restarted, else through a connection to a host; empty where none does.
   */
  synchronized Optional<ClusterApi> instead(
      ClusterApi silent, ClusterException why, Secret kubeconfig, KeptSecrets secrets)
      throws InterruptedException {
    for (var server : direct(silent.server())) {
      var answering = answering(server, kubeconfig);
      if (answering.isPresent()) {
        told(why, server.equals(silent.server()) ? "it answers again" : "going on by " + server);
        return answering;
      }
    }
    for (var access : known.values()) {
      var host = access.kubeconfig().from();
      var here = tunnels.computeIfAbsent(host, _ -> tunnel(access, secrets).orElse(null));
      if (here != null && !here.equals(silent.server())) {
        var answering = answering(here, kubeconfig);
        if (answering.isPresent()) {
          told(why, "going on through %s by SSH".formatted(host));
          return answering;
        }
      }
    }
    return Optional.empty();
  }

  private void told(ClusterException why, String how) {
    note.accept("%s; %s".formatted(why.what(), how));
  }

  private Set<String> direct(String silent) {
    var servers = new LinkedHashSet<String>();
    known.values().forEach(access -> servers.addAll(access.servers()));
    servers.remove(silent);
    servers.add(silent);
    return servers;
  }

  private static Optional<String> tunnel(ClusterAccess access, KeptSecrets secrets) {
    var port = URI.create(access.servers().getFirst()).getPort();
    return secrets.tunnel(access.kubeconfig().from(), port).map(OtherServers::here);
  }

  /** Where a port of this machine leads to a server. */
  static String here(int port) {
    return "https://127.0.0.1:" + port;
  }

  /** A port that takes a connection proves nothing: it has to answer. */
  private Optional<ClusterApi> answering(String server, Secret kubeconfig)
      throws InterruptedException {
    ClusterApi opened;
    try {
      opened = clusters.open(new Clusters.Access(List.of(server), kubeconfig));
    } catch (ClusterException _) { // there are others
      return Optional.empty();
    }
    var answers = false;
    try {
      var _ = opened.view().look(PROOF);
      answers = true;
      return Optional.of(opened);
    } catch (ClusterException _) { // there are others
      return Optional.empty();
    } finally {
      if (!answers) {
        opened.close();
      }
    }
  }
}
