package io.provision.engine.session;

import io.provision.desk.Desk;
import io.provision.desk.DeskException;
import io.provision.desk.DeskQuestion;
import io.provision.kube.ClusterApi;
import io.provision.kube.ClusterException;
import io.provision.kube.ClusterQuestion;
import io.provision.kube.Clusters;
import io.provision.kube.ObjectStates;
import io.provision.kube.Reaches;
import io.provision.kube.WholeObjects;
import io.provision.kube.comparison.Previews;
import io.provision.model.Cluster;
import io.provision.model.Secret;
import io.provision.step.ClusterAccess;
import io.provision.step.Observations;
import io.provision.step.Probes;
import java.net.URI;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The cluster's API while a run lasts. Where the operator's kubeconfig has the cluster already, it
 * is looked at with that while the hosts are being looked at; what was seen counts only if a
 * control plane then says that these are its certificates. One that has another administrator's, as
 * each has with kubeadm, is asked the same with what the operator has, where it is of the same
 * authority. Otherwise it hands its kubeconfig over; not to whoever asks as itself.
 */
public final class ClusterSession implements AutoCloseable {
  /** Of no use to anybody, and needed by nobody. */
  private static final Secret NOBODYS = Secret.of("");

  private final Clusters clusters;
  private final Desk desk;
  private final Optional<Cluster.Kubeconfig> kubeconfig;
  private final OtherServers others;
  private Optional<Early> early = Optional.empty();
  private @org.jspecify.annotations.Nullable ClusterApi api;

  /** What was seen with what the operator has. */
  private record Early(
      ClusterApi api,
      Secret kubeconfig,
      ClusterAccess.Identity identity,
      Map<ClusterQuestion<?>, Object> answers) {}

  /**
   * @param kubeconfig where the operator keeps the cluster's credentials
   * @param note told where a server of the API fell silent and it is gone on by another one
   */
  public ClusterSession(
      Clusters clusters,
      Desk desk,
      Optional<Cluster.Kubeconfig> kubeconfig,
      Consumer<String> note) {
    this.clusters = clusters;
    this.desk = desk;
    this.kubeconfig = kubeconfig;
    this.others = new OtherServers(clusters, note);
  }

  /** Looks with what the operator has. What goes wrong is of no matter: there is a second way. */
  public synchronized void lookEarly(Collection<Probes> probes) throws InterruptedException {
    if (kubeconfig.isEmpty() || clusters.asksAsItself()) {
      return;
    }
    try {
      var wanted = kubeconfig.get();
      var entry = new DeskQuestion.KubeconfigEntry(wanted.mergeInto(), wanted.context());
      var found = desk.credentials(entry);
      if (found.isPresent()) {
        var own = found.get();
        var identity =
            new ClusterAccess.Identity(own.entry().authority(), own.entry().clientCertificate());
        early =
            Optional.of(
                look(List.of(own.entry().server()), own.kubeconfig(), identity, questions(probes)));
      }
    } catch (ClusterException | DeskException _) {
      early = Optional.empty();
    }
  }

  private Early look(
      List<String> servers,
      Secret own,
      ClusterAccess.Identity identity,
      Set<ClusterQuestion<?>> questions)
      throws ClusterException, InterruptedException {
    var opened = clusters.open(new Clusters.Access(servers, own));
    var isSeen = false;
    try {
      var seen = new Early(opened, own, identity, opened.view().look(questions));
      isSeen = true;
      return seen;
    } finally {
      if (!isSeen) {
        opened.close();
      }
    }
  }

  /** More servers of the API, by which it can be gone on. */
  public void know(Collection<ClusterAccess> servers) {
    servers.forEach(others::know);
  }

  /** What the API says now, or said a moment ago to whoever has the right credentials. */
  public synchronized Observations first(
      ClusterAccess access, KeptSecrets secrets, Collection<Probes> probes)
      throws ClusterException, DeskException, InterruptedException {
    var now = open(access, secrets);
    return early.isPresent() ? seen(now, early.get().answers()) : ask(now, probes);
  }

  /** What the API says now; empty where nobody has opened it. */
  public synchronized Optional<Observations> again(Collection<Probes> probes)
      throws ClusterException, InterruptedException {
    return api == null ? Optional.empty() : Optional.of(ask(api, probes));
  }

  /**
   * The API, the same for the whole run, by whichever server answers of those that it was told.
   * What was seen early is kept where it is of this cluster.
   */
  public synchronized ClusterApi open(ClusterAccess access, KeptSecrets secrets)
      throws ClusterException, DeskException, InterruptedException {
    others.know(access);
    if (api != null) {
      return api;
    }
    if (early.isPresent() && !access.identity().equals(Optional.of(early.get().identity()))) {
      var own = early.get();
      own.api().close();
      early = Optional.empty();
      early = alike(access, own);
    }
    if (early.isPresent()) {
      var own = early.get();
      api = steady(own.api(), own.kubeconfig(), secrets);
    } else {
      var handed = clusters.asksAsItself() ? NOBODYS : secrets.read(access.kubeconfig());
      api = steady(open(access, handed, secrets), handed, secrets);
    }
    return api;
  }

  private ClusterApi steady(ClusterApi first, Secret credentials, KeptSecrets secrets) {
    return new SteadyApi(first, (silent, why) -> others.instead(silent, why, credentials, secrets));
  }

  /** What this control plane says to the operator; empty where it is another cluster's. */
  private Optional<Early> alike(ClusterAccess access, Early own) throws InterruptedException {
    var authority = access.identity().map(ClusterAccess.Identity::authority);
    if (!authority.equals(Optional.of(own.identity().authority()))) {
      return Optional.empty();
    }
    var asked = own.answers().isEmpty() ? OtherServers.PROOF : own.answers().keySet();
    try {
      return Optional.of(look(access.servers(), own.kubeconfig(), own.identity(), asked));
    } catch (ClusterException _) { // it hands over what it has
      return Optional.empty();
    }
  }

  /** Directly, else through the connection to the server that handed its kubeconfig over. */
  private ClusterApi open(ClusterAccess access, Secret handed, KeptSecrets secrets)
      throws ClusterException, InterruptedException {
    try {
      return clusters.open(new Clusters.Access(access.servers(), handed));
    } catch (ClusterException e) {
      var server = access.kubeconfig().from();
      var port = URI.create(access.servers().getFirst()).getPort();
      var here = secrets.tunnel(server, port);
      if (here.isEmpty()) {
        throw e;
      }
      try {
        var through = List.of(OtherServers.here(here.get()));
        return clusters.open(new Clusters.Access(through, handed));
      } catch (ClusterException other) {
        throw new ClusterException(
            "%s, and through %s by SSH: %s".formatted(e.what(), server, other.what()),
            e.remedy(),
            other);
      }
    }
  }

  public static Observations ask(ClusterApi api, Collection<Probes> probes)
      throws ClusterException, InterruptedException {
    return seen(api, api.view().look(questions(probes)));
  }

  private static Set<ClusterQuestion<?>> questions(Collection<Probes> probes) {
    var questions = new LinkedHashSet<ClusterQuestion<?>>();
    probes.forEach(each -> questions.addAll(each.cluster()));
    return questions;
  }

  /** With the API's previews: only one that is known to be the right one is sent our objects. */
  private static Observations seen(ClusterApi api, Map<ClusterQuestion<?>, Object> answers)
      throws ClusterException, InterruptedException {
    var seen = new Observations.Builder();
    Previews.added(api.view(), answers).forEach(seen::put);
    return seen.build();
  }

  /**
   * What is seen where the API cannot be asked; empty where that is a failure.
   *
   * @param why it cannot
   */
  public static Optional<Observations> unasked(Collection<Probes> probes, String why) {
    var seen = new Observations.Builder();
    for (var question : questions(probes)) {
      switch (question) {
        case ClusterQuestion.InPassing _ -> seen.put(question, Optional.empty());
        case ClusterQuestion.States _ -> seen.put(question, new ObjectStates.Unheard(why));
        case ClusterQuestion.Whole _ -> seen.put(question, WholeObjects.unheard(why));
        case ClusterQuestion.FromHere _ -> seen.put(question, Reaches.unheard(why));
        case ClusterQuestion.One _, ClusterQuestion.Declared _, ClusterQuestion.All _ -> {
          return Optional.empty();
        }
      }
    }
    return Optional.of(seen.build());
  }

  @Override
  public synchronized void close() {
    if (api != null) {
      api.close();
    } else {
      early.ifPresent(it -> it.api().close());
    }
  }
}
