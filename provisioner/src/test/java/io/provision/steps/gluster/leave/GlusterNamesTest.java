package io.provision.steps.gluster.leave;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Content;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.resource.FileMode;
import io.provision.resource.FileState;
import io.provision.resource.Files;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Target;
import io.provision.step.TestKnown;
import io.provision.steps.gluster.Declared;
import io.provision.steps.gluster.answers.Pool;
import io.provision.steps.gluster.answers.Reading;
import io.provision.steps.gluster.pool.GlusterLook;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The line of a host that has left goes with it from the pool, on all hosts in the same run. */
final class GlusterNamesTest {
  private static final Inventory INVENTORY =
      Declared.inventory(3, "{ name: v, replica: 3, brick: /data/v, mount: /mnt/v }");
  private static final FileState HOSTS =
      file(
          "# BEGIN provision hosts\n10.0.0.1 n1\n10.0.0.2 n2\n10.0.0.3 n3\n10.0.0.4 n4\n# END provision hosts\n");

  @Test
  void aHostThatWasLookedAtBeforeAnotherLeftThePoolForgetsItAllTheSame() {
    assertThat(check("n2", Set.of("localhost", "n2", "n3"), peer("n1"), peer("n4")))
        .isInstanceOfSatisfying(
            Check.Drift.class,
            drift ->
                assertThat(drift.changes())
                    .singleElement()
                    .extracting(Change::detail)
                    .isInstanceOfSatisfying(
                        Change.Detail.Text.class,
                        it -> assertThat(it.to()).contains("n3").doesNotContain("n4")));
  }

  @Test
  void aNameStaysAsLongAsAnyPoolNeedsIt() {
    for (var members : List.of(Set.of("localhost", "n2", "n3", "n4"), Set.of("localhost", "n4"))) {
      assertThat(check("n2", members)).as("%s", members).isEqualTo(new Check.InSync());
    }
    assertThat(check("n2", Set.of("localhost"), peer("n4")))
        .as("in another pool")
        .isEqualTo(new Check.InSync());
  }

  private static Check check(String host, Set<String> members, Pool.Peer... peers) {
    var target = new Target.OnHost(INVENTORY.find(new HostName(host)).orElseThrow(), INVENTORY);
    var step = new GlusterNames();
    var seen = new Observations.Builder();
    seen.put(GlusterLook.PEERS, new Reading.Of<>(new Pool(List.of(peers))));
    seen.put(Files.text("/etc/hosts"), HOSTS);
    assertThat(step.probes(target).questions()).hasSize(2);
    return step.check(target, seen.build(), asTheFirstSawIt(new NameSet(members)));
  }

  private static FileState file(String text) {
    var content = (Content.Plain) Content.of(text);
    return new FileState(
        FileState.Type.FILE,
        false,
        FileMode.PUBLIC,
        new FileState.Owner("0", "0", "root", "root"),
        text.length(),
        Optional.of(content.sha256()),
        Optional.of(content));
  }

  private static Pool.Peer peer(String name) {
    return new Pool.Peer("u-" + name, List.of(name), true, Optional.of(Pool.IN_CLUSTER), "");
  }

  /** The pool, after the other host had left it. */
  private static Known asTheFirstSawIt(NameSet names) {
    return new TestKnown().has(new HostName("n1"), GlusterDepartures.MEMBERS, names);
  }
}
