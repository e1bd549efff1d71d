package io.provision.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.provision.engine.Outputs.Settled;
import io.provision.engine.event.TargetName;
import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Output;
import io.provision.step.Removals;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class OutputsTest {
  private static final Output<String> ADDRESS = new Output<>("address", String.class);
  private static final TargetName A = TargetName.of(new HostName("a"));
  private static final TargetName B = TargetName.of(new HostName("b"));
  private static final List<Host> HOSTS = List.of(TestInventory.host("a"), TestInventory.host("b"));

  @Test
  void eachProviderHasItsOwnValueOfOneOutput() throws Exception {
    var known =
        known(
            settled(),
            Need.all(ADDRESS, List.of(TestInventory.host("a"))),
            Need.cluster(ADDRESS),
            Need.local(ADDRESS));
    assertThat(known.all(ADDRESS)).containsOnly(java.util.Map.entry(new HostName("a"), "host"));
    assertThat(known.cluster(ADDRESS)).contains("cluster");
    assertThat(known.local(ADDRESS)).contains("local");
  }

  /** Whose turn comes after an hour goes by the time after that hour. */
  @Test
  void whatWasWaitedForIsKnownAsOfTheEndOfTheWait() throws Exception {
    var outputs = promised(A, B);
    outputs.settle(A, ADDRESS, new Settled.Value("a"));
    var settled = new AtomicReference<Instant>();
    Thread.ofVirtual()
        .start(() -> {
          settled.set(Instant.now());
          outputs.settle(B, ADDRESS, new Settled.Value("b"));
        });
    var known =
        ((Outputs.Resolution.Ready) outputs.await(List.of(Need.all(ADDRESS, HOSTS)))).known();
    assertThat(known.asOf()).isBetween(settled.get(), Instant.now());
    assertThat(known.asked(Removals.NONE).asOf()).isEqualTo(known.asOf());
  }

  /** No hosts were this machine once. */
  @Test
  void aNeedOfNoHostsIsNobodysAndNotThisMachines() throws Exception {
    for (var need : List.of(Need.all(ADDRESS, List.of()), Need.some(ADDRESS, List.of()))) {
      var known = known(settled(), need);
      assertThat(known.all(ADDRESS)).isEmpty();
      assertThat(known.local(ADDRESS)).isEmpty();
      assertThat(known.cluster(ADDRESS)).isEmpty();
    }
    assertThat(settled().await(List.of(Need.any(ADDRESS, List.of()))))
        .isEqualTo(new Outputs.Resolution.Impossible("nobody provides address"));
  }

  @Test
  void whatCanNeverBeIsAReasonOnlyWhereAllAreNeeded() throws Exception {
    var outputs = promised(A, B);
    outputs.settle(A, ADDRESS, new Settled.Never("down"));
    outputs.settle(B, ADDRESS, new Settled.Value("b"));
    assertThat(outputs.await(List.of(Need.all(ADDRESS, HOSTS))))
        .isInstanceOfSatisfying(
            Outputs.Resolution.Impossible.class,
            it -> assertThat(it.reason()).contains("address", "a", "down"));
    for (var need : List.of(Need.some(ADDRESS, HOSTS), Need.someSoFar(ADDRESS, HOSTS))) {
      var known = known(outputs, need);
      assertThat(known.all(ADDRESS)).isEqualTo(Map.of(new HostName("b"), "b"));
      assertThat(known.never(ADDRESS)).isEqualTo(Map.of(new HostName("a"), "down"));
    }
    assertThat(known(outputs, Need.any(ADDRESS, HOSTS)).all(ADDRESS))
        .isEqualTo(Map.of(new HostName("b"), "b"));
  }

  @Test
  void whereNobodyEverHasItOneOfAnyIsImpossible() throws Exception {
    var outputs = promised(A, B);
    outputs.settle(A, ADDRESS, new Settled.Never("down"));
    outputs.settle(B, ADDRESS, new Settled.Never("gone"));
    assertThat(outputs.await(List.of(Need.any(ADDRESS, HOSTS))))
        .isInstanceOfSatisfying(
            Outputs.Resolution.Impossible.class, it -> assertThat(it.reason()).contains("down"));
    assertThat(known(outputs, Need.some(ADDRESS, HOSTS)).all(ADDRESS)).isEmpty();
  }

  /** What comes to be known in a plan only by an apply. */
  @Test
  void whatComesLaterIsWaitedForUnlessWhatIsKnownSoFarWillDo() throws Exception {
    var outputs = promised(A, B);
    outputs.settle(A, ADDRESS, new Settled.Later("a is begun"));
    outputs.settle(B, ADDRESS, new Settled.Value("b"));
    for (var need : List.of(Need.all(ADDRESS, HOSTS), Need.some(ADDRESS, HOSTS))) {
      assertThat(outputs.await(List.of(need)))
          .isEqualTo(new Outputs.Resolution.NotYet("a is begun"));
    }
    for (var need :
        List.of(
            Need.someSoFar(ADDRESS, HOSTS),
            Need.any(ADDRESS, HOSTS),
            Need.anySoFar(ADDRESS, HOSTS))) {
      assertThat(known(outputs, need).all(ADDRESS)).isEqualTo(Map.of(new HostName("b"), "b"));
    }
    var nobody = promised(A);
    nobody.settle(A, ADDRESS, new Settled.Later("a is begun"));
    assertThat(nobody.await(List.of(Need.any(ADDRESS, HOSTS))))
        .isEqualTo(new Outputs.Resolution.NotYet("a is begun"));
    assertThat(known(nobody, Need.anySoFar(ADDRESS, HOSTS)).all(ADDRESS)).isEmpty();
  }

  @Test
  void theFirstToSettleAnOutputDecides() throws Exception {
    var outputs = promised(A, B);
    assertThat(outputs.peek(A, ADDRESS)).isEmpty();
    outputs.settle(A, ADDRESS, new Settled.Value("first"));
    outputs.settle(A, ADDRESS, new Settled.Value("second"));
    outputs.giveUp(A, "dead");
    outputs.promise(A, ADDRESS);
    assertThat(outputs.peek(A, ADDRESS)).contains(new Settled.Value("first"));
    assertThat(outputs.peek(B, ADDRESS)).as("who is given up is given up alone").isEmpty();
    outputs.giveUp(B, "dead");
    assertThat(outputs.peek(B, ADDRESS)).contains(new Settled.Never("dead"));
  }

  @Test
  void whatNobodyPromisedIsABugToSettleAndNeverToBeHad() throws Exception {
    var outputs = promised(A);
    assertThat(outputs.promised(A, ADDRESS)).isTrue();
    assertThat(outputs.promised(B, ADDRESS)).isFalse();
    assertThat(outputs.peek(B, ADDRESS)).isEmpty();
    assertThatThrownBy(() -> outputs.settle(B, ADDRESS, new Settled.Value("x")))
        .isInstanceOf(IllegalStateException.class);
    assertThat(outputs.await(List.of(Need.all(ADDRESS, List.of(TestInventory.host("b"))))))
        .isInstanceOf(Outputs.Resolution.Impossible.class);
  }

  @Test
  void whoFollowsKnowsWhatOthersCameToAndSettlesTheRest() {
    var first = promised(A, B);
    var second = promised(A, B);
    second.follow(target -> target.equals(A) ? Optional.of(first) : Optional.empty());
    first.settle(A, ADDRESS, new Settled.Value("a"));
    first.settle(B, ADDRESS, new Settled.Value("b"));
    assertThat(second.peek(A, ADDRESS)).contains(new Settled.Value("a"));
    assertThat(second.peek(B, ADDRESS)).isEmpty();
  }

  private static Outputs promised(TargetName... targets) {
    var outputs = new Outputs();
    for (var target : targets) {
      outputs.promise(target, ADDRESS);
    }
    return outputs;
  }

  private static Known known(Outputs outputs, Need... needs) throws InterruptedException {
    return ((Outputs.Resolution.Ready) outputs.await(List.of(needs))).known();
  }

  private static Outputs settled() {
    var outputs = new Outputs();
    for (var target : List.of(A, TargetName.CLUSTER, TargetName.DESK)) {
      outputs.promise(target, ADDRESS);
    }
    outputs.settle(A, ADDRESS, new Settled.Value("host"));
    outputs.settle(TargetName.CLUSTER, ADDRESS, new Settled.Value("cluster"));
    outputs.settle(TargetName.DESK, ADDRESS, new Settled.Value("local"));
    return outputs;
  }
}
