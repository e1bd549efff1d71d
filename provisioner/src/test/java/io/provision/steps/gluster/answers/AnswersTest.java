package io.provision.steps.gluster.answers;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.steps.gluster.Recorded;
import io.provision.steps.gluster.declared.GlusterVolume.Kind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

final class AnswersTest {
  private static final List<Function<String, Reading<?>>> READERS =
      List.of(
          Pool::read, VolumeInfo::read, VolumeStatus::read, HealSummary::read, SplitBrain::read);

  private static final List<String> RECORDINGS =
      List.of(
          "pool-3.xml",
          "pool-peer-down.xml",
          "info-started.xml",
          "info-many.xml",
          "status.xml",
          "status-brick-dead.xml",
          "heal.xml",
          "heal-brick-dead.xml",
          "glusterd-down.txt");

  @Test
  void aPoolNamesItsMembersAndItself() {
    var pool = Pool.read(Recorded.answer("pool-3.xml")).value().orElseThrow();
    assertThat(pool.peers()).hasSize(3).allMatch(Pool.Peer::isWhole);
    assertThat(pool.peers().stream().filter(Pool.Peer::isSelf)).hasSize(1);
    assertThat(Pool.read(Recorded.answer("pool-alone.xml")).value().orElseThrow().isAlone())
        .isTrue();
  }

  @Test
  void aKnownPeerThatIsDownIsNotWhole() {
    var pool = Pool.read(Recorded.answer("pool-peer-down.xml")).value().orElseThrow();
    assertThat(pool.peers().stream().filter(peer -> !peer.isWhole()))
        .singleElement()
        .satisfies(peer -> assertThat(peer.toString()).contains("n3", "disconnected"));
  }

  @Test
  void volumesOfEveryKindAreTold() {
    var volumes = VolumeInfo.read(Recorded.answer("info-many.xml")).value().orElseThrow();
    assertThat(volumes)
        .extracting(VolumeInfo::name, VolumeInfo::kind, VolumeInfo::setSize)
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple("arb", Kind.ARBITER, 3),
            org.assertj.core.groups.Tuple.tuple("disp", Kind.DISPERSED, 3),
            org.assertj.core.groups.Tuple.tuple("dist", Kind.DISTRIBUTED, 1),
            org.assertj.core.groups.Tuple.tuple("shared", Kind.REPLICATED, 3));
    assertThat(VolumeInfo.read(Recorded.answer("info-none.xml")).value().orElseThrow()).isEmpty();
  }

  @Test
  void onlyOpRetSaysWhetherACommandSucceeded() {
    // exit code 0, all of them
    assertThat(VolumeInfo.read(Recorded.answer("info-absent.xml")))
        .isEqualTo(new Reading.Unknown<>("Volume does not exist"));
    assertThat(HealSummary.read(Recorded.answer("heal-distribute.xml")).why())
        .contains("replicate");
    assertThat(HealSummary.read(Recorded.answer("heal-absent.xml")).value()).isEmpty();
    assertThat(Pool.read(Recorded.answer("glusterd-down.txt")).why()).contains("Connection failed");
  }

  @Test
  void aBrickThatIsDownHasNoCountsAndIsNotWhole() {
    var heal = HealSummary.read(Recorded.answer("heal-brick-dead.xml")).value().orElseThrow();
    assertThat(heal.bricks()).hasSize(3);
    assertThat(heal.bricks().stream().filter(HealSummary.Brick::isWhole)).hasSize(2);
    assertThat(heal.bricks().get(1).pending()).isEmpty();
    assertThat(HealSummary.read(Recorded.answer("heal.xml")).value().orElseThrow().bricks())
        .allMatch(HealSummary.Brick::isWhole);
  }

  @Test
  void countsThatAreNoNumbersAreNotZero() {
    for (var text : List.of("-", "", "N/A", "0x0", "-1", "1e0", "99999999999")) {
      var changed =
          Recorded.answer("heal.xml")
              .replaceFirst(
                  "<numberOfEntriesInHealPending>0<",
                  "<numberOfEntriesInHealPending>" + text + "<");
      var heal = HealSummary.read(changed).value().orElseThrow();
      assertThat(heal.bricks().getFirst().isWhole()).as(text).isFalse();
    }
  }

  @Test
  void documentTypesAndEntitiesAreRefused() {
    var evil =
        "<!DOCTYPE cliOutput [<!ENTITY e SYSTEM 'file:///etc/hostname'>]>"
            + "<cliOutput><opRet>0</opRet><peerStatus>&e;</peerStatus></cliOutput>";
    assertThat(Pool.read(evil).value()).isEmpty();
  }

  @Property(tries = 300)
  void anyBytesGiveAReadingAndNothingHealthy(@ForAll byte[] bytes) {
    var text = new String(bytes, StandardCharsets.ISO_8859_1);
    READERS.forEach(reader -> assertThat(reader.apply(text).value()).isEmpty());
  }

  @Property(tries = 300)
  void aRecordingThatIsCutOrChangedNeverThrows(
      @ForAll("recordings") String answer, @ForAll int where, @ForAll char with) {
    var at = Math.floorMod(where, answer.length());
    var cut = answer.substring(0, at);
    var changed = cut + with + answer.substring(at + 1);
    for (var reader : READERS) {
      assertThat(reader.apply(cut)).isNotNull();
      assertThat(reader.apply(changed)).isNotNull();
      if (!cut.contains("</cliOutput>")) {
        assertThat(reader.apply(cut).value()).isEmpty();
      }
    }
  }

  @Property(tries = 200)
  void aHealSummaryWithoutOneOfItsElementsIsNotWhole(@ForAll("healLines") int line) {
    var lines = new java.util.ArrayList<>(Recorded.answer("heal.xml").lines().toList());
    var gone = lines.remove(line);
    var reading = HealSummary.read(String.join("\n", lines));
    var whole =
        reading
            .value()
            .map(heal ->
                heal.bricks().size() == 3
                    && heal.bricks().stream().allMatch(HealSummary.Brick::isWhole))
            .orElse(false);
    assertThat(whole).as(gone).isFalse();
  }

  @Provide
  Arbitrary<String> recordings() {
    return Arbitraries.of(RECORDINGS).map(Recorded::answer);
  }

  /** Lines of one brick's counts and status. */
  @Provide
  Arbitrary<Integer> healLines() {
    var lines = Recorded.answer("heal.xml").lines().toList();
    return Arbitraries.integers()
        .between(0, lines.size() - 1)
        .filter(at -> lines.get(at).matches(" *<(status|total.*|number.*|name)>.*"));
  }
}
