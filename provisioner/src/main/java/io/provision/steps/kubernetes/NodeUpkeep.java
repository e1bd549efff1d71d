package io.provision.steps.kubernetes;

import io.provision.kube.ClusterAction;
import io.provision.kube.Company;
import io.provision.kube.ObjectRef;
import io.provision.kube.ObjectStates.State;
import io.provision.model.HostName;
import io.provision.model.Version;
import io.provision.step.ClusterAccess;
import io.provision.step.Repair;
import io.provision.steps.rotation.OutOfUse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A node that is worked on: out of use meanwhile, whatever is done to it. That it may be out of use
 * by us stands in a file on the host from before the cordon until after it, where a look finds it;
 * whether it is, on the Node itself, together with the cordon. So a run that was killed in between
 * is finished by the next one.
 *
 * @param marker that file
 * @param claim why it is out of use
 */
public record NodeUpkeep(HostName node, ClusterAccess access, String marker, String claim) {
  private static final Duration DRAIN = Duration.ofMinutes(10);
  private static final Duration DETACHED = Duration.ofMinutes(5);
  private static final Duration READY = Duration.ofMinutes(5);
  private static final Duration SPARES = Duration.ofMinutes(1);

  /** Until those are back that may be away meanwhile: a whole reboot of one comes to its end. */
  private static final Duration BACK = Duration.ofMinutes(45);

  private static final String STAYS =
      "look at the kubelet there; where the node is cordoned it stays so until you run the same"
          + " command again";

  /**
   * Takes it out of use in its turn, whichever machine works on nodes, and whatever for.
   *
   * @param company with whom it may be out of use
   */
  public Repair begun(Company company) {
    return new Repair.InOrder(
        through(new ClusterAction.TakeTurn(node.value(), company)),
        new Repair.OnHost(OutOfUse.marked(marker)),
        through(new ClusterAction.Drain(node.value(), claim, DRAIN)));
  }

  /**
   * Takes it out of use for a reboot, as the only one of all nodes but its company, whichever
   * machine would take out another one: not where it is the turn of another, where another is out
   * of use by us, or where somebody else has cordoned this one. Its volumes are detached, for
   * whoever takes them over.
   *
   * @param others all nodes but this one and its company
   * @param between what is run and asked once it is out of use and before its pods go; none where
   *     nothing is
   * @param otherwise what is done where one of them fails, or the drain after them; none where
   *     nothing is
   */
  public Repair begunInTurn(
      List<HostName> others, Company company, List<Repair> between, List<Repair> otherwise) {
    var actions = new ArrayList<ClusterAction>();
    actions.add(new ClusterAction.TakeTurn(node.value(), company));
    if (!company.beside().isEmpty()) {
      actions.add(present(company, SPARES));
    }
    others.forEach(other -> actions.add(new ClusterAction.RefuseClaimed(other.value())));
    actions.add(new ClusterAction.RefuseForeign(node.value(), claim));
    var turn = new ClusterAction.ClaimInTurn(node.value(), claim);
    var drain = new ClusterAction.Drain(node.value(), claim, DRAIN, DETACHED);
    var parts = new ArrayList<Repair>();
    parts.add(new Repair.OnApi(access, actions));
    parts.add(new Repair.OnHost(OutOfUse.marked(marker)));
    if (between.isEmpty() && otherwise.isEmpty()) {
      parts.add(through(turn, drain));
    } else {
      var guarded = new ArrayList<Repair>();
      guarded.add(through(turn)); // keeps its turn
      guarded.addAll(between);
      guarded.add(through(drain));
      parts.add(new Repair.Guarded(guarded, otherwise));
    }
    return new Repair.InOrder(parts);
  }

  /**
   * That another node is there, asked of this API now: Ready, and not out of use by us. One that
   * has not joined is not there to be missed.
   */
  public static Repair spares(HostName other, ClusterAccess asked) {
    var ready =
        new ClusterAction.Await(
            ObjectRef.of("v1", "Node", other.value()),
            other + " to be Ready, without which no other node goes",
            SPARES,
            new IsReadyOrNone(),
            "look at the kubelet there, then run the same command again");
    return new Repair.OnApi(asked, List.of(ready, new ClusterAction.RefuseClaimed(other.value())));
  }

  /**
   * That so few of its company are missing that this node may go as well, asked of this API.
   *
   * @param waits whether they are waited for until they are back; else as for any other
   */
  public Repair spares(Company company, boolean waits) {
    return through(present(company, waits ? BACK : SPARES));
  }

  private ClusterAction present(Company company, Duration timeout) {
    return new ClusterAction.AwaitPresent(node.value(), company, timeout, new IsReadyOrNone());
  }

  /** That nobody has taken it back into use meanwhile: it would have pods again. */
  public Repair stillOut() {
    return through(new ClusterAction.RefuseUncordoned(node.value()));
  }

  /** Takes it back into use, once it is Ready and runs this version. */
  public Repair ended(Version version) {
    return new Repair.InOrder(
        through(
            ready(version),
            new ClusterAction.Release(node.value(), claim),
            new ClusterAction.EndTurn(node.value())),
        new Repair.OnHost(OutOfUse.unmarked(marker)));
  }

  /**
   * Takes it back into use after its host was rebooted: once it is heard of anew, and Ready. What
   * its Node says until then is of before.
   */
  public Repair returned() {
    return new Repair.InOrder(heardOf(), givenUp());
  }

  /** Waits until it is heard of anew, and Ready; it stays out of use. */
  public Repair heardOf() {
    var lease =
        new ObjectRef(
            "coordination.k8s.io/v1", "Lease", Optional.of("kube-node-lease"), node.value());
    var heard =
        new ClusterAction.Await(
            lease, node + " to be heard of anew", READY, new Heartbeat(), STAYS);
    return through(heard, ready());
  }

  /** Takes it back into use once it is Ready. */
  public Repair backInUse() {
    return new Repair.InOrder(through(ready()), givenUp());
  }

  private ClusterAction.Await ready() {
    return new ClusterAction.Await(
        ObjectRef.of("v1", "Node", node.value()),
        node + " to be Ready",
        READY,
        new IsReady(),
        STAYS);
  }

  /** Takes it back into use as it is, because nothing was done to it after all. */
  public Repair givenUp() {
    return new Repair.InOrder(
        through(
            new ClusterAction.Release(node.value(), claim),
            new ClusterAction.EndTurn(node.value())),
        new Repair.OnHost(OutOfUse.unmarked(marker)));
  }

  /** Takes it back into use; its turn goes on, and what stands on its host says so. */
  public Repair uncordoned() {
    return through(new ClusterAction.Uncordon(node.value(), claim));
  }

  /** Waits until it is Ready and runs this version; for a node that was not taken out of use. */
  public Repair awaited(Version version) {
    return through(ready(version));
  }

  private Repair through(ClusterAction... actions) {
    return new Repair.OnApi(access, List.of(actions));
  }

  private ClusterAction.Await ready(Version version) {
    return new ClusterAction.Await(
        ObjectRef.of("v1", "Node", node.value()),
        "%s to be Ready with %s".formatted(node, version),
        READY,
        new Runs(version.toString()),
        STAYS);
  }

  /**
   * A kubelet renews the lease of its node every ten seconds. The first that is seen may be of
   * before, and the next one can come a moment earlier than what the kubelet says of the node: that
   * is only sure to be of now behind the second.
   */
  private static final class Heartbeat implements ClusterAction.Condition {
    private static final int ENOUGH = 2;

    private String last = "";
    private int renewals;

    @Override
    public Optional<String> missing(Optional<State> state) {
      var renewed = state.map(it -> Fields.text(it.spec().get("renewTime"))).orElse("");
      if (!last.isEmpty() && !renewed.isEmpty() && !renewed.equals(last)) {
        renewals++;
      }
      last = renewed.isEmpty() ? last : renewed;
      return renewals >= ENOUGH
          ? Optional.empty()
          : Optional.of("its kubelet has not been heard of twice since it was rebooted");
    }
  }

  /** A node that is Ready, whatever its version. */
  private record IsReady() implements ClusterAction.Condition {
    @Override
    public Optional<String> missing(Optional<State> state) {
      if (state.isEmpty()) {
        return Optional.of("it is not in the cluster");
      }
      var is = NodeHealth.of(state.get());
      return is.ready()
          ? Optional.empty()
          : Optional.of(is.why().isEmpty() ? "it is not Ready" : is.why());
    }
  }

  /** A node that is Ready, or has not joined yet. */
  private record IsReadyOrNone() implements ClusterAction.Condition {
    @Override
    public Optional<String> missing(Optional<State> state) {
      return state.isEmpty() ? Optional.empty() : new IsReady().missing(state);
    }
  }

  /** A node that is Ready with this version. */
  private record Runs(String version) implements ClusterAction.Condition {
    @Override
    public Optional<String> missing(Optional<State> state) {
      if (state.isEmpty()) {
        return Optional.of("it is not in the cluster");
      }
      var is = NodeHealth.of(state.get());
      if (!is.ready()) {
        return Optional.of(is.why().isEmpty() ? "it is not Ready" : is.why());
      }
      return is.kubelet().equals(version)
          ? Optional.empty()
          : Optional.of("it still runs " + is.kubelet());
    }
  }
}
