package io.provision.steps.k3s;

import io.provision.desk.DeskChange;
import io.provision.desk.DeskQuestion;
import io.provision.model.Cluster;
import io.provision.model.HostName;
import io.provision.remote.Call;
import io.provision.remote.Payload;
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
public record Kubeconfig() implements Step<Target.OnDesk> {
  static final String SOURCE = K3s.FOLDER + "/k3s.yaml";

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
    var servers = K3s.servers(target.inventory());
    return target.cluster().kubeconfig().isEmpty()
        ? Set.of()
        : Set.of(Need.any(K3s.CREDENTIALS, servers), Need.some(K3s.NODE_ADDRESS, servers));
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
    var provider = provider(target, known);
    var address = address(target, known);
    if (provider.isEmpty() || address.isEmpty()) {
      return new Check.Skipped("no server could be reached");
    }
    var credentials = known.all(K3s.CREDENTIALS).get(provider.get());
    if (credentials == null) {
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
        target, seen.of(entry(wanted.get())), credentials, address.get(), provider.get());
  }

  private static Check compare(
      Target.OnDesk target,
      Optional<DeskQuestion.Entry> found,
      Credentials credentials,
      String address,
      HostName provider) {
    var wanted = target.cluster().kubeconfig().orElseThrow();
    var subject = "%s, context %s".formatted(wanted.mergeInto(), wanted.context());
    var url = K3s.url(address);
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
      Credentials credentials,
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

  private static Repair merge(Target.OnDesk target, String url, HostName provider) {
    var wanted = target.cluster().kubeconfig().orElseThrow();
    return new Repair.OnDesk(
        new DeskChange.MergeKubeconfig(
            wanted.mergeInto(),
            target.cluster().name(),
            wanted.context(),
            url,
            new Payload.Handoff(provider, Call.of(K3sScripts.READ, SOURCE))));
  }

  /** The first server of the inventory that could be asked. */
  private static Optional<HostName> provider(Target.OnDesk target, Known known) {
    return K3s.servers(target.inventory()).stream()
        .map(server -> server.name())
        .filter(known.all(K3s.CREDENTIALS)::containsKey)
        .findFirst();
  }

  private static Optional<String> address(Target.OnDesk target, Known known) {
    return target
        .cluster()
        .endpoint()
        .or(() ->
            K3s.servers(target.inventory()).stream()
                .map(server -> known.all(K3s.NODE_ADDRESS).get(server.name()))
                .filter(java.util.Objects::nonNull)
                .map(Object::toString)
                .findFirst());
  }
}
