package io.provision.steps.kubernetes.upgrade;

import io.provision.kube.Company;
import io.provision.model.Host;
import io.provision.model.Version;
import io.provision.step.Check;
import io.provision.step.ClusterAccess;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Output;
import io.provision.step.Target;
import io.provision.steps.kubernetes.Distribution;
import io.provision.steps.kubernetes.NodeState;
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.kubernetes.ServerCredentials;
import java.util.Optional;
import java.util.Set;

/**
 * When a node is upgraded: as {@link NodeTurn} has it. Of agents at most a third are drained at
 * once: two of two that are drained together wait for each other for ever where a budget keeps
 * their pods.
 */
public record UpgradeTurn(Target.OnHost target, Known known) {
  /** A node has the wanted version, or none yet. */
  public static final Output<Boolean> CURRENT = new Output<>("node-current", Boolean.class);

  private static final int ENOUGH_FOR_TWO = 6;

  /** Who tells what a turn goes by. */
  public static Set<Need> needs(Target.OnHost target) {
    return NodeTurn.needs(target, CURRENT, NodeTurn.ahead(target, lanes(target)));
  }

  private static int lanes(Target.OnHost target) {
    return Nodes.agents(target.inventory()).size() < ENOUGH_FOR_TWO ? 1 : 2;
  }

  private NodeTurn turn() {
    return new NodeTurn(target, known, CURRENT, NodeTurn.ahead(target, lanes(target)));
  }

  /** Why it cannot be this node's turn now; empty where it can. */
  public Optional<Check> refusal() {
    return turn().refusal("its upgrade");
  }

  /** With whom it may be out of use, whichever machine works on them. */
  public Company company() {
    return Nodes.isServer(target.host()) || lanes(target) == 1
        ? Company.NONE
        : new Company(
            Nodes.agents(target.inventory()).stream()
                .filter(it -> !it.equals(target.host()))
                .map(it -> it.name().value())
                .toList(),
            lanes(target));
  }

  /** Draining the only node would leave its pods nowhere to go. */
  public boolean drains() {
    return Nodes.all(target.inventory()).size() > 1;
  }

  /** Whether it is a server before which no other one is of an older version. */
  public boolean isFirstServer() {
    return Nodes.isServer(target.host()) && Nodes.before(target).stream().noneMatch(this::isOld);
  }

  /** Which nodes come before this one, for people. */
  public String behind() {
    return turn().behind(turn()::isPending);
  }

  private boolean isOld(Host server) {
    return Optional.ofNullable(known.all(Nodes.STATE).get(server.name()))
        .flatMap(NodeState::version)
        .filter(version -> !version.equals(wanted()))
        .isPresent();
  }

  public Version wanted() {
    return Nodes.version(target);
  }

  /** By which API the node is taken out of use. */
  public Optional<ClusterAccess> access(
      Distribution distribution, Optional<ServerCredentials> credentials) {
    return turn().access(distribution, credentials);
  }
}
