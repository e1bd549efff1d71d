package io.provision.steps.gluster.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.HostName;
import io.provision.step.Check;
import io.provision.steps.gluster.answers.Pool;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Each member calls the others rejected; who is wrong is what most of the pool says. */
final class PeerRejectedTest {
  private static final String GOOD = "version 4 with checksum 11";
  private static final String ODD = "version 4 with checksum 99";

  @Test
  void theOddOneIsNamedWhoeverIsAsked() {
    for (var self = 1; self <= 3; self++) {
      var refused = refused(self, 3, List.of(GOOD, GOOD, ODD));
      assertThat(refused.what())
          .isEqualTo(
              "the pool rejects n3: its record of the volumes is not that of n1, n2 (volume shared"
                  + " is version 4 with checksum 11 on n1, n2, version 4 with checksum 99 on n3)");
      assertThat(refused.remedy())
          .startsWith("only on n3, and never on n1, n2: ")
          .contains("! -name glusterd.info", "gluster peer probe n1", "nothing else is lost");
    }
    assertThat(refused(2, 3, List.of(ODD, GOOD, GOOD)).remedy())
        .startsWith("only on n1, and never");
  }

  @Test
  void withoutAMajorityNobodyIsCalledWrongAndNothingIsToBeRemoved() {
    for (var records : List.of(List.of(GOOD, ODD), List.of(GOOD, GOOD, ODD, ODD))) {
      var refused = refused(1, records.size(), records);
      assertThat(refused.what())
          .contains("no majority of the %d members".formatted(records.size()));
      assertThat(refused.remedy()).startsWith("remove nothing");
    }
  }

  @Test
  void whoWasNotReachedCountsForTheMajorityOfThePool() {
    assertThat(refused(1, 5, List.of(GOOD, GOOD, ODD)).remedy()).startsWith("remove nothing");
    assertThat(refused(1, 5, List.of(GOOD, GOOD, GOOD, ODD)).remedy()).startsWith("only on n4");
  }

  @Test
  void whereTheRecordsAreTheSameNobodyIsCalledWrong() {
    var refused = refused(1, 3, List.of(GOOD, GOOD, GOOD));
    assertThat(refused.what()).contains("the same by version and checksum");
    assertThat(refused.remedy()).startsWith("remove nothing");
  }

  @Test
  void whatOnlyTheOddOneKnowsIsSaidToBeLost() {
    var view =
        view(
            3,
            List.of(
                Map.of("shared", GOOD),
                Map.of("shared", GOOD),
                Map.of("shared", ODD, "photos", GOOD)));
    var rejected = view.node(new HostName("n1")).pool().peers().subList(2, 3);
    var check = new PeerRejected(new HostName("n1"), rejected, Dissent.of(view)).check();
    assertThat(((Check.Refused) check).remedy())
        .contains("what is lost is the pool's knowledge of volume photos");
  }

  /** Nothing that most of the pool agrees on is ever to be touched, and nothing is deleted. */
  @Property(tries = 300)
  void adviceIsNeverForTheMajorityAndNeverDeletes(
      @ForAll @Size(min = 2, max = 6) List<@IntRange(min = 0, max = 2) Integer> records,
      @ForAll @IntRange(min = 0, max = 3) int unreached) {
    var members = records.size() + unreached;
    var told = refused(1, members, records.stream().map(Object::toString).toList());
    assertThat(told.remedy()).doesNotContain("rm ", "delete").doesNotContainPattern("remove /");
    for (var host = 1; host <= records.size(); host++) {
      var own = records.get(host - 1);
      var alike = records.stream().filter(own::equals).count();
      var toTouch = told.remedy().replaceFirst(", and never on .*", "");
      if (2 * alike > members || told.remedy().startsWith("remove nothing")) {
        assertThat(toTouch).doesNotContain("n" + host);
      }
    }
  }

  private static Check.Refused refused(int self, int members, List<String> records) {
    var all = new ArrayList<Map<String, String>>();
    records.forEach(it -> all.add(Map.of("shared", it)));
    var view = view(members, all);
    var name = new HostName("n" + self);
    return (Check.Refused) GlusterPool.check(name, view.node(name).pool(), view);
  }

  private static PoolView view(int members, List<Map<String, String>> records) {
    var nodes = new LinkedHashMap<HostName, GlusterNode>();
    for (var host = 1; host <= records.size(); host++) {
      nodes.put(
          new HostName("n" + host),
          new GlusterNode("u" + host, pool(host, members), List.of(), records.get(host - 1)));
    }
    return new PoolView(nodes);
  }

  /** As every host sees it: itself, and all others rejected. */
  private static Pool pool(int self, int members) {
    var peers = new ArrayList<Pool.Peer>();
    for (var host = 1; host <= members; host++) {
      peers.add(
          host == self
              ? new Pool.Peer("u" + host, List.of("localhost"), true, Optional.empty(), "")
              : new Pool.Peer(
                  "u" + host,
                  List.of("n" + host),
                  true,
                  Optional.of(Pool.REJECTED),
                  "Peer Rejected"));
    }
    return new Pool(peers);
  }
}
