package io.provision.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.engine.event.TargetName;
import io.provision.model.HostName;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Output;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class OutputsTest {
  private static final Output<String> ADDRESS = new Output<>("address", String.class);
  private static final TargetName A = TargetName.of(new HostName("a"));

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
