package io.provision.steps.kubernetes.encryption;

import io.provision.model.HostName;
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
import io.provision.steps.kubernetes.apiserver.ApiServerLook;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code encryption}: every control plane has the key that Secrets are to be written with. It is
 * made on the host that begins the cluster, or on the first one that lives, and handed to the
 * others; the operator's machine never keeps it. In a cluster that lives it comes behind the entry
 * that Secrets are written with so far ({@link EncryptionUsed} goes on). No key is ever made anew,
 * and none is taken away here: that has cost people their Secrets (kubernetes-sigs/kubespray#4196,
 * #10459).
 */
public record Encryption(Distributions distributions) implements Step<Target.OnHost> {
  @Override
  public Probes probes(Target.OnHost target) {
    var keys = KeyStore.of(distributions, target);
    return Nodes.isServer(target.host())
        ? Probes.of(keys.look(), keys.file(), keys.state()).and(keys.folder().probes())
        : Probes.NONE;
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    var servers = Nodes.servers(target.inventory());
    return isWanted(target)
        ? Set.of(
            Need.some(Nodes.STATE, servers),
            Need.some(HeldKey.OUTPUT, servers),
            Need.some(HeldKey.HAS, Nodes.before(target)))
        : Set.of();
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return isWanted(target) ? Set.of(HeldKey.HAS) : Set.of();
  }

  /** Whether it is one whose Secrets the inventory says something of. */
  static boolean isWanted(Target.OnHost target) {
    return Nodes.isServer(target.host()) && EncryptionKey.wanted(target.cluster()).isPresent();
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.CREATE, Change.Action.UPDATE);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    if (!Nodes.isServer(target.host())) {
      return new Check.Skipped("it is a worker");
    }
    var keys = KeyStore.of(distributions, target);
    var look = seen.of(keys.look());
    var file = seen.of(keys.file());
    var wanted = EncryptionKey.wanted(target.cluster());
    if (wanted.isEmpty()) {
      return look.encrypts() && !file.isPlain() ? switchedOff(keys, file) : new Check.InSync();
    }
    return Checks.together(
        keys.folder().check(seen),
        new Key(target, keys, seen, known, file.meant(target.cluster())).check(distributions));
  }

  private static Check switchedOff(KeyStore keys, EncryptionFile file) {
    return new Check.Refused(
        "its API server encrypts Secrets with the keys in %s (%s), and the inventory has no 'encryption': without them no Secret of the cluster could be read"
            .formatted(keys.path(), file.described()),
        "put 'encryption' back as it was; or write 'encryption: { provider: identity }', which has all Secrets written in plain, and take that out afterwards");
  }

  /**
   * From which minor version on: its metrics have the digest of the file (kubernetes/kubernetes
   * v1.34, apiserver_encryption_config_controller_last_config_info).
   */
  private static final int SAYS_WHAT_IS_IN_USE = 34;

  /** The key of one host. */
  private record Key(
      Target.OnHost target, KeyStore keys, Observations seen, Known known, EncryptionKey wanted) {
    /** Whose keys it could have. */
    private record Source(HostName host, HeldKey held) {}

    private FileState state() {
      return seen.of(keys.state());
    }

    private EncryptionFile file() {
      return seen.of(keys.file());
    }

    private ApiServerLook look() {
      return seen.of(keys.look());
    }

    private Check check(Distributions distributions) {
      if (!state().exists()) {
        return source().map(this::taken).orElseGet(() -> made(distributions));
      }
      if (file().entries().isEmpty()) {
        return new Check.Refused(
            keys.path() + " is there, and there is no key in it",
            "put the key back that the cluster was made with; or move it away, where there is none");
      }
      return file().find(wanted).isPresent() ? itHas() : itLacks();
    }

    /** Of those that have the one of the inventory, one that has another under that name. */
    private Check itHas() {
      var mine = file().find(wanted);
      return source()
          .filter(it -> !it.held().entries().contains(mine.orElseThrow()))
          .map(this::another)
          .orElseGet(this::rights);
    }

    private Check itLacks() {
      if (!look().isLiving() && !someoneLives()) {
        return new Check.Refused(
            "%s holds %s, and the inventory says %s: a key is never written over"
                .formatted(keys.path(), file().described(), wanted),
            "write it as it is; or move the file away, where no cluster and no snapshot of one was made with it");
      }
      if (!file().isOurs()) {
        return new Check.Refused(
            "%s was not made here and is not changed; it holds %s, and the inventory says %s"
                .formatted(keys.path(), file().described(), wanted),
            "change it by hand on every control plane, as kubernetes.io/docs/tasks/administer-cluster/encrypt-data has it, and let the inventory say so");
      }
      var version = Nodes.version(target);
      if (version.minor() < SAYS_WHAT_IS_IN_USE) {
        return new Check.Refused(
            "%s holds %s, and the inventory says %s: an API server of %s does not say which keys it has in use"
                .formatted(keys.path(), file().described(), wanted, version),
            "write it as it is, and upgrade to v1.%d first".formatted(SAYS_WHAT_IS_IN_USE));
      }
      var source = source();
      if (source.isEmpty()) {
        return added();
      }
      return source.get().held().covers(file().entries())
          ? taken(source.get())
          : another(source.get());
    }

    private Check another(Source source) {
      return new Check.Refused(
          "%s holds another key than on %s: what one of them writes the other could not read"
              .formatted(keys.path(), source.host()),
          "where a key was rolled and that did not end, set 'key' back until it has; where this host is not a member of the cluster yet, move the file away; else compare both by hand, and keep both until every Secret can be read");
    }

    private Check rights() {
      var state = state();
      var isForRoot = state.mode().equals(FileMode.PRIVATE) && state.owner().uid().equals("0");
      return isForRoot
          ? new Check.InSync(Observed.of(HeldKey.HAS, HeldKey.of(keys.place(), seen)))
          : new Check.Drift(
              List.of(
                  Change.of(
                      Change.Action.UPDATE,
                      keys.path(),
                      "mode %s, owner %s".formatted(state.mode(), state.owner()),
                      "mode 0600, owner root")),
              new Repair.OnHost(
                  Script.of(
                      FileTransfer.SET_MODE,
                      keys.path(),
                      FileMode.PRIVATE.toString(),
                      "root",
                      "root")));
    }

    private Check taken(Source source) {
      var read = Call.of(FileTransfer.READ, keys.path());
      return new Check.Drift(
          List.of(change()),
          new Repair.OnHost(
              taking(
                  Script.of(FileTransfer.TAKE, keys.path())
                      .with(new Handoff.Kept(source.host(), read))),
              false));
    }

    /** What a running API server does not have in use yet is not known to it, whoever made it. */
    private List<Script> taking(Script taken) {
      return look().isLiving() ? List.of(taken, keys.arranged("mark", wanted)) : List.of(taken);
    }

    private Change change() {
      return new Change(
          state().exists() ? Change.Action.UPDATE : Change.Action.CREATE,
          keys.path(),
          new Change.Detail.Hidden("it holds a key"));
    }

    /** No control plane has the key, and this one has no file. */
    private Check made(Distributions distributions) {
      if (look().encrypts() || isEncryptedElsewhere()) {
        return new Check.Refused(
            "%s is gone, and no other control plane has it: the Secrets of the cluster were encrypted with the key in it, and a new one reads none of them"
                .formatted(keys.path()),
            "put it back from a copy, mode 0600");
      }
      if (look().isLiving()) {
        return Nodes.version(target).minor() < SAYS_WHAT_IS_IN_USE ? tooOld() : added();
      }
      if (look().holdsCluster()) {
        return new Check.Refused(
            "there is a datastore and no whole configuration of an API server: whether its Secrets are encrypted cannot be said",
            "put %s back, where it was lost; else run once without 'encryption', which makes the control plane whole"
                .formatted(keys.path()));
      }
      return someoneLives() ? firstElsewhere() : begun(distributions);
    }

    private Check tooOld() {
      return new Check.Refused(
          "the cluster lives without 'encryption', and an API server of %s does not say which keys it has in use"
              .formatted(Nodes.version(target)),
          "take 'encryption' out, and upgrade to v1.%d first".formatted(SAYS_WHAT_IS_IN_USE));
    }

    private Check begun(Distributions distributions) {
      var refusal = ClusterInit.refusal(target, known, distributions.of(target));
      return refusal.isPresent()
          ? refusal.get()
          : new Check.Drift(List.of(change()), new Repair.OnHost(keys.arranged("begin", wanted)));
    }

    /** One that lives gets it behind what is there; the first of them makes it. */
    private Check added() {
      var unsure =
          known.never(HeldKey.HAS).keySet().stream()
              .filter(it -> !isKnownNotToLive(it))
              .findFirst();
      return unsure.isPresent()
          ? new Check.Refused(
              "%s comes before it and did not get the key: two could be made"
                  .formatted(unsure.get()),
              "see what that host says, then run the same command again")
          : new Check.Drift(
              List.of(
                  Change.of(
                      state().exists() ? Change.Action.UPDATE : Change.Action.CREATE,
                      keys.path(),
                      state().exists() ? file().described() : "identity",
                      "and " + wanted)),
              new Repair.OnHost(keys.arranged("add", wanted)));
    }

    private static Check firstElsewhere() {
      return new Check.Refused(
          "the cluster lives, and none of its control planes has the key yet: one of them makes it",
          "run the same command again");
    }

    private boolean isEncryptedElsewhere() {
      return known.all(HeldKey.OUTPUT).values().stream().anyMatch(HeldKey::encrypts)
          && known.all(HeldKey.OUTPUT).values().stream().allMatch(it -> it.entries().isEmpty());
    }

    private boolean someoneLives() {
      return known.all(Nodes.STATE).values().stream().anyMatch(NodeState::holdsCluster);
    }

    private boolean isKnownNotToLive(HostName server) {
      var state = known.all(Nodes.STATE).get(server);
      return state != null && !state.holdsCluster();
    }

    /** A control plane that has the key; one that holds the cluster before others. */
    private Optional<Source> source() {
      var settled = known.all(HeldKey.HAS);
      var held = known.all(HeldKey.OUTPUT);
      var having = new ArrayList<Source>();
      for (var server : Nodes.servers(target.inventory())) {
        var now = settled.getOrDefault(server.name(), held.get(server.name()));
        if (now != null && now.has(wanted)) {
          having.add(new Source(server.name(), now));
        }
      }
      return having.stream()
          .filter(it -> settled.containsKey(it.host()) || holdsCluster(it.host()))
          .findFirst()
          .or(() -> having.stream().findFirst())
          .filter(it -> !it.host().equals(target.host().name()));
    }

    private boolean holdsCluster(HostName server) {
      var state = known.all(Nodes.STATE).get(server);
      return state != null && state.holdsCluster();
    }
  }
}
