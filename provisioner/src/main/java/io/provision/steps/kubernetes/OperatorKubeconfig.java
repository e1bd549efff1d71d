package io.provision.steps.kubernetes;

import io.provision.desk.DeskChange;
import io.provision.desk.DeskQuestion;
import io.provision.model.Cluster;
import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.remote.Call;
import io.provision.remote.Handoff;
import io.provision.resource.FileTransfer;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The operator's kubeconfig has a context for the cluster, with an address that the API server's
 * certificate names. Digests tell whether it is right; keys are read only when it is not.
 */
public record OperatorKubeconfig(Distributions distributions) implements Step<Target.OnDesk> {
  @Override
  public Probes probes(Target.OnDesk target) {
    return target
        .cluster()
        .kubeconfig()
        .map(wanted -> Probes.of(entry(wanted)))
        .orElse(Probes.NONE);
  }

  private static DeskQuestion.KubeconfigEntry entry(Cluster.Kubeconfig wanted) {
    return new DeskQuestion.KubeconfigEntry(wanted.mergeInto(), wanted.context());
  }

  @Override
  public Set<Need> needs(Target.OnDesk target) {
    var servers = Nodes.servers(target.inventory());
    return target.cluster().kubeconfig().isEmpty()
        ? Set.of()
        : Set.of(
            Need.any(Nodes.CREDENTIALS, servers),
            Need.someSoFar(Nodes.CREDENTIALS, servers),
            Need.some(Nodes.ADDRESS, servers));
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.CREATE, Change.Action.UPDATE);
  }

  @Override
  public Check check(Target.OnDesk target, Observations seen, Known known) {
    var wanted = target.cluster().kubeconfig();
    if (wanted.isEmpty()) {
      return new Check.Skipped("the inventory names no kubeconfig");
    }
    var found = seen.of(entry(wanted.get()));
    var server = server(target, known, found);
    if (server.isEmpty()) {
      return new Check.Skipped("no server could be reached");
    }
    var credentials = known.all(Nodes.CREDENTIALS).get(server.get().name());
    if (credentials == null) {
      return new Check.Unknown("'%s' on %s".formatted(Nodes.CREDENTIALS, server.get()), mayDo());
    }
    var address =
        target
            .cluster()
            .endpoint()
            .or(() -> AgentServerUrl.address(server.get(), known).map(Object::toString));
    if (address.isEmpty()) {
      return new Check.Skipped("no server could be reached");
    }
    if (!credentials.names().isEmpty() && !credentials.names().contains(address.get())) {
      return new Check.Refused(
          "the API server's certificate is not for %s (it names %s)"
              .formatted(
                  address.get(), String.join(", ", credentials.names().stream().sorted().toList())),
          "add it to 'tls_sans', or set 'endpoint' to one of its names");
    }
    return compare(
        target,
        found.map(entry -> withKnownCertificate(entry, credentials, target, known)),
        credentials,
        address.get(),
        server.get().name());
  }

  private Check compare(
      Target.OnDesk target,
      Optional<DeskQuestion.Entry> found,
      ServerCredentials credentials,
      String address,
      HostName provider) {
    var wanted = target.cluster().kubeconfig().orElseThrow();
    var subject = "%s, context %s".formatted(wanted.mergeInto(), wanted.context());
    var url = ApiServer.url(address);
    var changes = new ArrayList<Change>();
    if (found.isEmpty()) {
      changes.add(Change.of(Change.Action.CREATE, subject, "", url));
    } else {
      var entry = found.get();
      if (!entry.authority().equals(credentials.authority()) && !entry.ours()) {
        return new Check.Refused(
            "%s already has a context '%s', of another cluster"
                .formatted(wanted.mergeInto(), wanted.context()),
            "rename it ('kubectl config rename-context'), or choose another name by"
                + " 'kubeconfig.context'");
      }
      differences(entry, credentials, url, subject, changes);
    }
    return changes.isEmpty()
        ? new Check.InSync()
        : new Check.Drift(changes, merge(target, url, provider));
  }

  private static void differences(
      DeskQuestion.Entry entry,
      ServerCredentials credentials,
      String url,
      String subject,
      List<Change> changes) {
    if (!entry.server().equals(url)) {
      changes.add(Change.of(Change.Action.UPDATE, subject, entry.server(), url));
    }
    if (!entry.authority().equals(credentials.authority())) {
      changes.add(
          Change.of(
              Change.Action.UPDATE,
              subject,
              "authority " + entry.authority().brief(),
              "authority " + credentials.authority().brief()));
    }
    if (!entry.clientCertificate().equals(credentials.clientCertificate())) {
      changes.add(
          Change.of(
              Change.Action.UPDATE,
              subject,
              "certificate " + entry.clientCertificate().brief(),
              "certificate " + credentials.clientCertificate().brief()));
    }
    if (!entry.privateMode()) {
      changes.add(Change.of(Change.Action.UPDATE, subject, "readable by others", "mode 0600"));
    }
  }

  private Repair merge(Target.OnDesk target, String url, HostName provider) {
    var wanted = target.cluster().kubeconfig().orElseThrow();
    return new Repair.OnDesk(
        new DeskChange.MergeKubeconfig(
            wanted.mergeInto(),
            target.cluster().name(),
            wanted.context(),
            url,
            new Handoff.Kept(
                provider,
                Call.of(FileTransfer.READ, distributions.of(target).kubectl().kubeconfig()))));
  }

  /**
   * The server that the kubeconfig names already, unless it is known to be down; else the first
   * that is not. So a server that is gone is left, its return changes nothing, and a plan does not
   * promise to leave one that the same run starts. Behind an endpoint any that is up will do.
   */
  private static Optional<Host> server(
      Target.OnDesk target, Known known, Optional<DeskQuestion.Entry> found) {
    var isAny = target.cluster().endpoint().isPresent();
    var usable =
        Nodes.servers(target.inventory()).stream()
            .filter(server ->
                isAny
                    ? known.all(Nodes.CREDENTIALS).containsKey(server.name())
                    : !known.never(Nodes.CREDENTIALS).containsKey(server.name()))
            .toList();
    var named =
        usable.stream()
            .filter(server ->
                AgentServerUrl.address(server, known)
                    .map(address -> ApiServer.url(address.toString()))
                    .filter(url -> found.filter(it -> it.server().equals(url)).isPresent())
                    .isPresent());
    return named.findFirst().or(() -> usable.stream().findFirst());
  }

  /**
   * Every server signs an administrator's certificate of its own, and all of them take each: one of
   * another server is as right, also of one that could not be asked.
   */
  private static DeskQuestion.Entry withKnownCertificate(
      DeskQuestion.Entry entry, ServerCredentials credentials, Target.OnDesk target, Known known) {
    var all = known.all(Nodes.CREDENTIALS).values();
    var isKnown =
        all.stream().anyMatch(it -> it.clientCertificate().equals(entry.clientCertificate()));
    var areAllSeen = all.size() == Nodes.servers(target.inventory()).size();
    return isKnown || !areAllSeen
        ? new DeskQuestion.Entry(
            entry.server(),
            entry.authority(),
            credentials.clientCertificate(),
            entry.privateMode(),
            entry.ours())
        : entry;
  }
}
