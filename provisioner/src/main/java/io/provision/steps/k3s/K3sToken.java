package io.provision.steps.k3s;

import io.provision.model.HostName;
import io.provision.model.Sha256;
import io.provision.remote.Call;
import io.provision.remote.Handoff;
import io.provision.remote.Script;
import io.provision.resource.FileMode;
import io.provision.resource.FileState;
import io.provision.resource.FileTransfer;
import io.provision.resource.Files;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.k3s.digests.HeldTokens;
import io.provision.steps.k3s.digests.Tokens;
import io.provision.steps.kubernetes.ClusterInit;
import io.provision.steps.kubernetes.Nodes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The tokens of the cluster, in files of their own for root alone: made once on the first server,
 * handed to the other servers, and the agents' token to the agents. Whether they are right is told
 * by their digests; a token is read only when one is missing.
 */
public record K3sToken() implements Step<Target.OnHost> {
  @Override
  public Probes probes(Target.OnHost target) {
    var agent = Probes.of(Files.at(K3s.AGENT_TOKEN));
    return Nodes.isServer(target.host()) ? agent.and(Probes.of(Files.at(K3s.SERVER_TOKEN))) : agent;
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    var servers = Nodes.servers(target.inventory());
    return Nodes.isServer(target.host())
        ? Set.of(
            Need.some(Nodes.STATE, servers),
            Need.some(K3s.HELD_TOKENS, servers),
            Need.some(K3s.TOKENS, Nodes.before(target)))
        : Set.of(Need.any(K3s.TOKENS, servers));
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return Nodes.isServer(target.host()) ? Set.of(K3s.TOKENS) : Set.of();
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.CREATE, Change.Action.UPDATE);
  }

  /** Whose tokens these are. */
  private record Source(HostName host, Tokens tokens) {}

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    var source = source(target, known);
    if (source.isEmpty()) {
      return first(target, seen, known);
    }
    var wanted = new ArrayList<Map.Entry<String, Sha256>>();
    wanted.add(Map.entry(K3s.AGENT_TOKEN, source.get().tokens().agent()));
    if (Nodes.isServer(target.host())) {
      wanted.add(Map.entry(K3s.SERVER_TOKEN, source.get().tokens().server()));
    }
    var changes = new ArrayList<Change>();
    var scripts = new ArrayList<Script>();
    for (var file : wanted) {
      var state = seen.of(Files.at(file.getKey()));
      if (!isRight(state, file.getValue())) {
        changes.add(change(file.getKey(), state));
        scripts.add(
            Script.of(FileTransfer.TAKE, file.getKey())
                .with(
                    new Handoff.Kept(
                        source.get().host(), Call.of(FileTransfer.READ, file.getKey()))));
      }
    }
    return changes.isEmpty()
        ? inSync(target, source.get().tokens())
        : new Check.Drift(changes, new Repair.OnHost(scripts, false));
  }

  /** A server that nobody can tell the tokens: it has them, or makes them. */
  private static Check first(Target.OnHost target, Observations seen, Known known) {
    var files = List.of(K3s.SERVER_TOKEN, K3s.AGENT_TOKEN);
    var isHolder = holdsCluster(target.host().name(), known);
    var changes = new ArrayList<Change>();
    for (var file : files) {
      var state = seen.of(Files.at(file));
      if (!state.isFile() || state.size() == 0) {
        changes.add(
            isHolder
                ? new Change(
                    Change.Action.CREATE,
                    file,
                    new Change.Detail.Hidden("it holds the token that the cluster has"))
                : change(file, state));
      }
    }
    if (changes.isEmpty()) {
      return inSync(
          target,
          new Tokens(
              seen.of(Files.at(K3s.SERVER_TOKEN)).sha256().orElseThrow(),
              seen.of(Files.at(K3s.AGENT_TOKEN)).sha256().orElseThrow()));
    }
    // a server that holds the cluster has its tokens: they are written down, not made
    var refusal =
        isHolder
            ? Optional.<Check>empty()
            : ClusterInit.refusal(target, known, new K3sDistribution());
    return refusal.isPresent()
        ? refusal.get()
        : new Check.Drift(changes, new Repair.OnHost(Script.of(K3sScripts.MAKE_TOKENS)));
  }

  private static Optional<Source> source(Target.OnHost target, Known known) {
    for (var server : Nodes.servers(target.inventory())) {
      var tokens = known.all(K3s.TOKENS).get(server.name());
      if (tokens != null && !server.equals(target.host())) {
        return Optional.of(new Source(server.name(), tokens));
      }
    }
    return holder(target, known);
  }

  /** A server that was seen to have tokens; one that holds the cluster before one that does not. */
  private static Optional<Source> holder(Target.OnHost target, Known known) {
    var having = new ArrayList<Source>();
    for (var server : Nodes.servers(target.inventory())) {
      Optional.ofNullable(known.all(K3s.HELD_TOKENS).get(server.name()))
          .flatMap(HeldTokens::both)
          .ifPresent(tokens -> having.add(new Source(server.name(), tokens)));
    }
    return having.stream()
        .filter(source -> holdsCluster(source.host(), known))
        .findFirst()
        .or(() -> having.stream().findFirst())
        .filter(source -> !source.host().equals(target.host().name()));
  }

  private static boolean holdsCluster(HostName server, Known known) {
    var state = known.all(Nodes.STATE).get(server);
    return state != null && state.holdsCluster();
  }

  private static boolean isRight(FileState state, Sha256 wanted) {
    return state.holds(wanted) && state.mode().equals(FileMode.PRIVATE);
  }

  private static Change change(String path, FileState state) {
    return new Change(
        state.exists() ? Change.Action.UPDATE : Change.Action.CREATE,
        path,
        new Change.Detail.Hidden("it holds a token"));
  }

  private static Check inSync(Target.OnHost target, Tokens tokens) {
    return Nodes.isServer(target.host())
        ? new Check.InSync(Observed.of(K3s.TOKENS, tokens))
        : new Check.InSync();
  }
}
