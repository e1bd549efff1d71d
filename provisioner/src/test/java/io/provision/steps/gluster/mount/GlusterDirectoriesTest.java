package io.provision.steps.gluster.mount;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.load.bind.Surroundings;
import io.provision.load.inventory.InventoryLoader;
import io.provision.model.Inventory;
import io.provision.remote.Frame;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Question;
import io.provision.step.Target;
import io.provision.step.TestKnown;
import io.provision.steps.Catalog;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GlusterDirectoriesTest {
  private static final String TWO =
      "persistent_volumes: [{ name: photos, size: 1Gi }, { name: b, size: 1Gi, path: media/b }]";

  @Test
  void whatIsMissingIsMadeByTheFirstHostThatMountsTheVolume() throws Exception {
    var inventory = inventory(TWO);
    assertThat(check(inventory, 0, ""))
        .isInstanceOfSatisfying(
            Check.Drift.class,
            it ->
                assertThat(it.changes())
                    .extracting(Change::subject)
                    .containsExactly("/mnt/v/photos", "/mnt/v/media/b"));
    assertThat(check(inventory, 0, "there\n")).isInstanceOf(Check.InSync.class);
    assertThat(check(inventory, 1, "")).isInstanceOf(Check.Skipped.class);
  }

  @Test
  void whereTheFirstHasItNotMountedTheNextMakesThem() throws Exception {
    var inventory = inventory(TWO);
    var target = new Target.OnHost(inventory.hosts().get(1), inventory);
    assertThat(new GlusterDirectories().needs(target))
        .containsExactly(Need.someSoFar(GlusterMount.MOUNTED, inventory.hosts().subList(0, 1)));
    var lost = new TestKnown().never(inventory.hosts().get(0).name(), GlusterMount.MOUNTED, "down");
    assertThat(check(inventory, 1, "", lost)).isInstanceOf(Check.Drift.class);
    assertThat(check(inventory, 1, "there\n", lost)).isInstanceOf(Check.InSync.class);
  }

  /** Or batches would wait for later ones. */
  @Test
  void theFirstWaitsForNobody() throws Exception {
    var inventory = inventory(TWO);
    var target = new Target.OnHost(inventory.hosts().get(0), inventory);
    assertThat(new GlusterDirectories().needs(target)).isEmpty();
  }

  @Test
  void aHostWithoutTheMountIsNotTheFirst() throws Exception {
    var inventory = inventory(TWO + ", mount_on: [n2]");
    assertThat(check(inventory, 0, "")).isInstanceOf(Check.Skipped.class);
    assertThat(check(inventory, 1, "")).isInstanceOf(Check.Drift.class);
  }

  @Test
  void anAnswerThatIsNoneIsNotThere() throws Exception {
    for (var answer : List.of("", "\0", "there?", "not there")) {
      assertThat(check(inventory(TWO), 0, answer)).isInstanceOf(Check.Drift.class);
    }
  }

  private static Check check(Inventory inventory, int host, String answer) {
    return check(inventory, host, answer, Known.NOTHING);
  }

  private static Check check(Inventory inventory, int host, String answer, Known known) {
    var target = new Target.OnHost(inventory.hosts().get(host), inventory);
    var step = new GlusterDirectories();
    var seen = new Observations.Builder();
    for (var question : step.probes(target).questions()) {
      put(seen, question, new Frame(0, answer));
    }
    return step.check(target, seen.build(), known);
  }

  private static <A> void put(Observations.Builder seen, Question<A> question, Frame frame) {
    seen.put(question, question.kind().read(List.of(question), frame).getFirst());
  }

  private static Inventory inventory(String ofVolume) throws Exception {
    var text =
        """
        cluster:
          name: x
          distribution: none
          storage:
            gluster:
              volumes: [{ name: v, kind: distributed, brick: /data/v, mount: /mnt/v, %s }]
        hosts:
          n1: { address: n1, roles: [storage] }
          n2: { address: n2, roles: [storage] }
        """
            .formatted(ofVolume);
    var loader =
        new InventoryLoader(new Surroundings(Map.of(), Path.of("/home/op")), Catalog.areas());
    return loader
        .load(Path.of("/inv/inventory.yml"), text.getBytes(StandardCharsets.UTF_8))
        .inventory();
  }
}
