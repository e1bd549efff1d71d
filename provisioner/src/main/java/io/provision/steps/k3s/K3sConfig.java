package io.provision.steps.k3s;

import io.provision.model.Cluster.Cni;
import io.provision.model.Content;
import io.provision.resource.FileMode;
import io.provision.resource.Files;
import io.provision.resource.ManagedFile;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubernetes.AgentServerUrl;
import io.provision.steps.kubernetes.ApiServer;
import io.provision.steps.kubernetes.ClusterInit;
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.kubernetes.settings.Overrides;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** What k3s reads when it starts: {@code config.yaml}, without any secret in it. */
public record K3sConfig() implements Step<Target.OnHost> {
  @Override
  public Probes probes(Target.OnHost target) {
    return Probes.of(
        K3sLooks.BASICS, K3sLooks.INTERFACES, Files.text(K3s.CONFIG), K3sLooks.FOREIGN);
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    var servers = Nodes.servers(target.inventory());
    var needs = new LinkedHashSet<Need>();
    needs.add(Need.all(Nodes.ADDRESS, List.of(target.host())));
    needs.add(Need.some(Nodes.ADDRESS, servers));
    if (AgentServerUrl.isChosen(target)) {
      needs.add(Need.someSoFar(Nodes.STATE, servers));
    }
    if (Nodes.isServer(target.host())) {
      needs.add(Need.some(Nodes.STATE, servers));
      needs.add(Need.someSoFar(Nodes.SERVER_UP, Nodes.before(target)));
    }
    return needs;
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.CREATE, Change.Action.UPDATE);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    var foreign = seen.of(K3sLooks.FOREIGN);
    if (foreign.isThere() && !foreign.isTold()) {
      return new Check.Refused(
          "k3s of somebody else is there (%s), and what it runs with cannot be told"
              .formatted(foreign.file()),
          "start it, and run again once its node is Ready");
    }
    var found = Found.of(seen);
    var refusals = refusals(target);
    if (!refusals.isEmpty()) {
      return refusals.getFirst();
    }
    var moved = moved(target, seen, found).or(() -> alone(target, seen));
    if (moved.isPresent()) {
      return moved.get();
    }
    var facts = facts(target, seen, known);
    if (facts.isEmpty()) {
      return ClusterInit.refusal(target, known, new K3sDistribution())
          .orElseGet(() ->
              new Check.Refused(
                  "no server has an address that it could join", "look at the servers first"));
    }
    return compare(ConfigFile.content(target, facts.get()), seen);
  }

  /** What the file is made of; empty where it could join nobody. */
  static Optional<ConfigFile.Facts> facts(Target.OnHost target, Observations seen, Known known) {
    var address =
        java.util.Objects.requireNonNull(known.all(Nodes.ADDRESS).get(target.host().name()));
    return join(target, seen, known, Found.of(seen))
        .map(way ->
            new ConfigFile.Facts(
                address,
                Optional.ofNullable(seen.of(K3sLooks.INTERFACES).get(address.toString())),
                way));
  }

  /**
   * What k3s on this host is told now, by whomever.
   *
   * @param isTold whether it is told anything
   */
  private record Found(boolean isTold, Function<String, Optional<String>> option) {
    static Found of(Observations seen) {
      var foreign = seen.of(K3sLooks.FOREIGN);
      if (foreign.isThere()) {
        return new Found(foreign.isTold(), foreign::last);
      }
      var text = seen.of(Files.text(K3s.CONFIG)).text().map(Content.Plain::text).orElse("");
      return new Found(!text.isEmpty(), key -> ConfigFile.read(text, key));
    }

    Optional<String> read(String key) {
      return option.apply(key);
    }
  }

  /** The text is known only now, when others were seen; what was asked for is the text there is. */
  private static Check compare(Content content, Observations seen) {
    return ManagedFile.of(K3s.CONFIG, content)
        .withMode(FileMode.PRIVATE)
        .check(seen.of(Files.text(K3s.CONFIG)));
  }

  @Override
  public List<Check.Refused> refusals(Target.OnHost target) {
    var cluster = target.cluster();
    var refusals = new ArrayList<Check.Refused>();
    Overrides.secrets(target.host(), cluster).stream()
        .findFirst()
        .ifPresent(setting ->
            refusals.add(
                new Check.Refused(
                    "'%s' is a secret, and plans show this file".formatted(setting),
                    "keep it in a file of mode 0600 on the host, and set the option that names that file")));
    if (Nodes.isServer(target.host())) {
      ConfigFile.different(Nodes.servers(target.inventory()), cluster)
          .ifPresent(what ->
              refusals.add(
                  new Check.Refused(
                      what + ", but it must be the same on all servers",
                      "set it under 'cluster'")));
      refusals.addAll(ApiServerSettings.refusals(target));
    }
    return refusals;
  }

  /**
   * Where a server keeps the cluster in SQLite nobody joins it: it would wait for etcd for ever.
   */
  private static Optional<Check> alone(Target.OnHost target, Observations seen) {
    var servers = Nodes.servers(target.inventory());
    return Nodes.isServer(target.host())
            && seen.of(K3sLooks.BASICS).isSqlite()
            && servers.size() > 1
        ? Optional.of(
            new Check.Refused(
                "it keeps the cluster in SQLite, which no other server can join, and the inventory has %d control planes"
                    .formatted(servers.size()),
                "write 'cluster-init: true' into %s on it and 'systemctl restart k3s', which moves the datastore to etcd (docs.k3s.io/datastore/ha-embedded), then run again; or write one control plane"
                    .formatted(K3s.CONFIG)))
        : Optional.empty();
  }

  /** What a living cluster cannot change any more. */
  private static Optional<Check> moved(Target.OnHost target, Observations seen, Found found) {
    var network = target.cluster().network();
    if (!Nodes.isServer(target.host())
        || !seen.of(K3sLooks.BASICS).holdsCluster()
        || !found.isTold()) {
      return Optional.empty();
    }
    return kept("pod_cidr", "cluster-cidr", network.podCidr().toString(), found)
        .or(() -> kept("service_cidr", "service-cidr", network.serviceCidr().toString(), found))
        .or(() -> {
          var was = found.read("flannel-backend").filter("none"::equals).isPresent();
          var own = Overrides.ofCluster(K3sOptions.class, target.cluster());
          var should = network.cni() == Cni.CALICO || "none".equals(own.get("flannel-backend"));
          return was == should
              ? Optional.empty()
              : Optional.of(
                  living("cni", was ? "calico" : "flannel", should ? "calico" : "flannel"));
        });
  }

  private static Optional<Check> kept(String name, String key, String wanted, Found found) {
    return found.read(key).filter(was -> !was.equals(wanted)).map(was -> living(name, was, wanted));
  }

  private static Check living(String name, String was, String wanted) {
    return new Check.Refused(
        "the cluster lives with '%s' %s, and the inventory says %s".formatted(name, was, wanted),
        "set it back; only a new cluster can have another");
  }

  private static Optional<ConfigFile.Join> join(
      Target.OnHost target, Observations seen, Known known, Found found) {
    if (!Nodes.isServer(target.host())) {
      return AgentServerUrl.url(target, known, found.read("server"))
          .map(ConfigFile.Join.Through::new);
    }
    if (ConfigFile.hasOwnDatastore(target.host(), target.cluster())) {
      return Optional.of(new ConfigFile.Join.Neither());
    }
    if (seen.of(K3sLooks.BASICS).holdsCluster() && found.isTold()) {
      return Optional.of(asFound(found));
    }
    var joinServer =
        ClusterInit.joinServer(target, known)
            .or(() -> ClusterInit.expected(target, known))
            .flatMap(server -> AgentServerUrl.address(server, known));
    if (joinServer.isPresent()) {
      return joinServer.map(it -> new ConfigFile.Join.Through(ApiServer.url(it.toString())));
    }
    return ClusterInit.refusal(target, known, new K3sDistribution()).isPresent()
        ? Optional.empty()
        : Optional.of(new ConfigFile.Join.Begin());
  }

  /** A member keeps the line it came in by: k3s reads it only while it has no datastore. */
  private static ConfigFile.Join asFound(Found found) {
    return found
        .read("server")
        .<ConfigFile.Join>map(ConfigFile.Join.Through::new)
        .orElseGet(() ->
            found.read("cluster-init").isPresent()
                ? new ConfigFile.Join.Begin()
                : new ConfigFile.Join.Neither());
  }
}
