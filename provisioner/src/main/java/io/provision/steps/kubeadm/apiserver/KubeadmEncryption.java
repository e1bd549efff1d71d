package io.provision.steps.kubeadm.apiserver;

import io.provision.model.HostName;
import io.provision.model.Sha256;
import io.provision.remote.Call;
import io.provision.remote.Handoff;
import io.provision.remote.Script;
import io.provision.resource.FileMode;
import io.provision.resource.FileState;
import io.provision.resource.FileTransfer;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Checks;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubernetes.ClusterInit;
import io.provision.steps.kubernetes.Distributions;
import io.provision.steps.kubernetes.NodeState;
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.kubernetes.apiserver.EncryptionSection;
import io.provision.steps.kubernetes.apiserver.EncryptionSection.Provider;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@code kubeadm-encryption}: every control plane has the key that its API server encrypts Secrets
 * with. It is made on the host that begins the cluster and handed to the others; the operator's
 * machine never keeps it. It is never written over, taken away or made anew, and how Secrets of a
 * cluster that lives are kept is not changed: each of these has cost people their Secrets
 * (kubernetes-sigs/kubespray#4196, #10459).
 */
public record KubeadmEncryption(Distributions distributions) implements Step<Target.OnHost> {
  @Override
  public Probes probes(Target.OnHost target) {
    return Nodes.isServer(target.host())
        ? Probes.of(ApiServerLook.QUESTION, EncryptionKey.LOOK).and(EncryptionKey.FOLDER.probes())
        : Probes.NONE;
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    var servers = Nodes.servers(target.inventory());
    return isWanted(target)
        ? Set.of(
            Need.some(Nodes.STATE, servers),
            Need.some(HeldKey.OUTPUT, servers),
            Need.some(EncryptionKey.OUTPUT, Nodes.before(target)))
        : Set.of();
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return isWanted(target) ? Set.of(EncryptionKey.OUTPUT) : Set.of();
  }

  private static boolean isWanted(Target.OnHost target) {
    return Nodes.isServer(target.host()) && EncryptionSection.of(target.cluster()).isPresent();
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.CREATE, Change.Action.UPDATE);
  }

  /** Whose key it is. */
  private record Source(HostName host, Sha256 file) {}

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    if (!Nodes.isServer(target.host())) {
      return new Check.Skipped("it is a worker");
    }
    var look = seen.of(ApiServerLook.QUESTION);
    var wanted = EncryptionSection.of(target.cluster());
    if (wanted.isEmpty()) {
      return look.encrypts() ? switchedOff(look) : new Check.InSync();
    }
    return switchedOn(look)
        .or(() -> otherProvider(look, seen.of(EncryptionKey.LOOK), wanted.get()))
        .orElseGet(() ->
            Checks.together(
                EncryptionKey.FOLDER.check(seen), key(target, seen, known, wanted.get())));
  }

  private static Check switchedOff(ApiServerLook look) {
    return new Check.Refused(
        "its API server encrypts Secrets with the key in %s, and the inventory has no 'encryption': without that key no Secret of the cluster could be read"
            .formatted(EncryptionKey.FILE),
        "put 'encryption: { provider: %s }' back; only a new cluster can be without"
            .formatted(look.provider().orElse(Provider.SECRETBOX.toString())));
  }

  private static Optional<Check> switchedOn(ApiServerLook look) {
    return look.isLiving() && !look.encrypts()
        ? Optional.of(
            new Check.Refused(
                "the cluster lives without 'encryption', and the inventory asks for it: what is in its datastore would stay in plain, and switching it on is not built yet",
                "take 'encryption' out; a new cluster can have it from its beginning"))
        : Optional.empty();
  }

  private static Optional<Check> otherProvider(
      ApiServerLook look, FileState file, Provider wanted) {
    if (!file.exists() || look.provider().equals(Optional.of(wanted.toString()))) {
      return Optional.empty();
    }
    if (look.provider().isEmpty()) {
      return Optional.of(
          new Check.Refused(
              EncryptionKey.FILE + " is there, and names no provider that Kubernetes has",
              "look at it; it is written only where there is none"));
    }
    var is = look.provider().get();
    return Optional.of(
        look.encrypts()
            ? new Check.Refused(
                "the Secrets of the cluster are encrypted by %s, and the inventory says %s: changing that on a living cluster is not built yet"
                    .formatted(is, wanted),
                "set it back to 'provider: %s'".formatted(is))
            : new Check.Refused(
                "%s holds a key for %s, and the inventory says %s: a key is never written over"
                    .formatted(EncryptionKey.FILE, is, wanted),
                "write 'provider: %s'; or move the file away, where no cluster and no snapshot of one was made with it"
                    .formatted(is)));
  }

  private static Change change(FileState state) {
    return new Change(
        state.exists() ? Change.Action.UPDATE : Change.Action.CREATE,
        EncryptionKey.FILE,
        new Change.Detail.Hidden("it holds a key"));
  }

  private Check key(Target.OnHost target, Observations seen, Known known, Provider provider) {
    var state = seen.of(EncryptionKey.LOOK);
    var source = source(target, known);
    var held = HeldKey.digest(state);
    if (held.isPresent()) {
      return source.isPresent() && !source.get().file().equals(held.get())
          ? another(source.get())
          : rights(state, held.get());
    }
    if (state.exists()) {
      return new Check.Refused(
          EncryptionKey.FILE + " is there, and there is no key in it",
          "put the key back that the cluster was made with; or move it away, where there is none");
    }
    return source
        .map(KubeadmEncryption::taken)
        .orElseGet(() -> made(target, seen.of(ApiServerLook.QUESTION), known, provider));
  }

  private static Check another(Source source) {
    return new Check.Refused(
        "%s holds another key than on %s: what one of them writes the other could not read"
            .formatted(EncryptionKey.FILE, source.host()),
        "where this host is not a member of the cluster yet, move the file away; else compare both by hand, and keep both until every Secret can be read");
  }

  private static Check rights(FileState state, Sha256 digest) {
    var isForRoot = state.mode().equals(FileMode.PRIVATE) && state.owner().uid().equals("0");
    return isForRoot
        ? new Check.InSync(Observed.of(EncryptionKey.OUTPUT, new EncryptionKey(digest)))
        : new Check.Drift(
            List.of(
                Change.of(
                    Change.Action.UPDATE,
                    EncryptionKey.FILE,
                    "mode %s, owner %s".formatted(state.mode(), state.owner()),
                    "mode 0600, owner root")),
            new Repair.OnHost(
                Script.of(
                    FileTransfer.SET_MODE,
                    EncryptionKey.FILE,
                    FileMode.PRIVATE.toString(),
                    "root",
                    "root")));
  }

  private static Check taken(Source source) {
    var read = Call.of(FileTransfer.READ, EncryptionKey.FILE);
    return new Check.Drift(
        List.of(change(FileState.ABSENT)),
        new Repair.OnHost(
            Script.of(FileTransfer.TAKE, EncryptionKey.FILE)
                .with(new Handoff.Kept(source.host(), read))));
  }

  private Check made(Target.OnHost target, ApiServerLook look, Known known, Provider provider) {
    if (look.holdsCluster() || look.encrypts()) {
      return new Check.Refused(
          "%s is gone, and no other control plane has it: the Secrets of the cluster were encrypted with the key in it, and a new one reads none of them"
              .formatted(EncryptionKey.FILE),
          "put it back from a copy, mode 0600");
    }
    var refusal = ClusterInit.refusal(target, known, distributions.of(target));
    return refusal.isPresent()
        ? refusal.get()
        : new Check.Drift(
            List.of(change(FileState.ABSENT)),
            new Repair.OnHost(Script.of(EncryptionKey.MAKE, provider.toString())));
  }

  /** A control plane whose key is the cluster's; one that holds the cluster before others. */
  private static Optional<Source> source(Target.OnHost target, Known known) {
    for (var server : Nodes.servers(target.inventory())) {
      var key = known.all(EncryptionKey.OUTPUT).get(server.name());
      if (key != null && !server.equals(target.host())) {
        return Optional.of(new Source(server.name(), key.file()));
      }
    }
    var states = known.all(Nodes.STATE);
    var held = known.all(HeldKey.OUTPUT);
    var having = new ArrayList<Source>();
    for (var server : Nodes.servers(target.inventory())) {
      Optional.ofNullable(held.get(server.name()))
          .flatMap(HeldKey::file)
          .ifPresent(file -> having.add(new Source(server.name(), file)));
    }
    return having.stream()
        .filter(it -> holdsCluster(states, it.host()))
        .findFirst()
        .or(() -> having.stream().findFirst())
        .filter(it -> !it.host().equals(target.host().name()));
  }

  private static boolean holdsCluster(Map<HostName, NodeState> states, HostName server) {
    var state = states.get(server);
    return state != null && state.holdsCluster();
  }
}
