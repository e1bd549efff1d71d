package io.provision.steps.k3s;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.desk.DeskChange.ArtifactId;
import io.provision.desk.DeskQuestion;
import io.provision.desk.DeskQuestion.Lies;
import io.provision.desk.DeskQuestion.Listed;
import io.provision.model.Host;
import io.provision.model.Sha256;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Target;
import io.provision.steps.k3s.digests.Digests;
import io.provision.steps.kubernetes.Cases;
import io.provision.steps.kubernetes.Nodes;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class K3sArtifactsTest {
  private static final ArtifactId BINARY = new ArtifactId("k3s", "v1.36.4+k3s1", "amd64", "k3s");
  private static final ArtifactId IMAGES =
      new ArtifactId("k3s", "v1.36.4+k3s1", "amd64", "images.tar.zst");
  private static final Sha256 OTHER = Sha256.of(new byte[] {2});

  private final Host cp1 = Cases.server(1);

  private Map<ArtifactId, Listed> listed = Map.of();

  private Check check(
      Map<String, Sha256> pins, Set<ArtifactId> offered, Map<ArtifactId, Lies> lying) {
    var target = new Target.OnDesk(Cases.inventory(cp1));
    var step = new K3sArtifacts();
    var seen = new Observations.Builder();
    for (var question : step.probes(target).desk()) {
      switch (question) {
        case DeskQuestion.Offered it -> seen.put(it, offered);
        case DeskQuestion.Pins it -> seen.put(it, pins);
        case DeskQuestion.Lying it -> seen.put(it, lying);
        case DeskQuestion.Published it -> seen.put(it, listed);
        case DeskQuestion.KubeconfigEntry it -> throw new IllegalStateException(it.toString());
        case DeskQuestion.PinnedOf it -> throw new IllegalStateException(it.toString());
        case DeskQuestion.Text it -> throw new IllegalStateException(it.toString());
      }
    }
    var known = K3sCases.settled().has(cp1, Nodes.STATE, Cases.state(true, true));
    return step.check(target, seen.build(), known);
  }

  @Test
  void whatLiesInTheDirectoryIsKnownBeforeItIsPinned() {
    var lying =
        Map.<ArtifactId, Lies>of(
            BINARY, new Lies.Right(Cases.DIGEST), IMAGES, new Lies.Right(OTHER));
    assertThat(check(Map.of(), Set.of(IMAGES), lying))
        .isInstanceOfSatisfying(
            Check.Drift.class,
            drift -> {
              assertThat(drift.observed().values())
                  .containsEntry(
                      K3s.DIGESTS,
                      new Digests(Map.of("amd64", Cases.DIGEST), Map.of("amd64", OTHER)));
              assertThat(drift.changes().toString()).contains(Cases.DIGEST.brief());
            });
  }

  @Test
  void whatItsPublisherListsIsKnownBeforeTheDownload() {
    listed = Map.of(BINARY, new Listed.Sum(Cases.DIGEST));
    assertThat(check(Map.of(), Set.of(), Map.of()))
        .isInstanceOfSatisfying(
            Check.Drift.class,
            drift -> {
              assertThat(drift.observed().values())
                  .containsEntry(K3s.DIGESTS, new Digests(Map.of("amd64", Cases.DIGEST), Map.of()));
              assertThat(drift.notes()).isEmpty();
            });
  }

  /** A list that changes later has no say any more. */
  @Test
  void aPinIsMoreThanWhatItsPublisherLists() {
    listed = Map.of(BINARY, new Listed.Sum(Cases.DIGEST));
    assertThat(check(Map.of(BINARY.toString(), OTHER), Set.of(), Map.of()))
        .isInstanceOfSatisfying(
            Check.InSync.class,
            it ->
                assertThat(it.observed().values())
                    .containsEntry(K3s.DIGESTS, new Digests(Map.of("amd64", OTHER), Map.of())));
  }

  @Test
  void whyAListCouldNotBeReadIsSaidAndThePlanGoesOn() {
    listed = Map.of(BINARY, new Listed.Unread("https://x could not be fetched (timed out)"));
    assertThat(check(Map.of(), Set.of(), Map.of()))
        .isInstanceOfSatisfying(
            Check.Drift.class,
            drift -> {
              assertThat(drift.observed().values()).isEmpty();
              assertThat(drift.notes())
                  .singleElement()
                  .asString()
                  .contains("https://x could not be fetched (timed out)");
            });
  }

  @Test
  void whatNobodyListsIsNotKnownBeforeTheDownload() {
    assertThat(check(Map.of(), Set.of(), Map.of()))
        .isInstanceOfSatisfying(
            Check.Drift.class,
            drift -> {
              assertThat(drift.observed().values()).isEmpty();
              assertThat(drift.changes().toString()).contains("known after download");
            });
  }

  @Test
  void whatDoesNotFitItsPinIsRefusedInThePlan() {
    var pins = Map.of(BINARY.toString(), OTHER);
    var lying = Map.<ArtifactId, Lies>of(BINARY, new Lies.Wrong("it has another digest", "look"));
    assertThat(check(pins, Set.of(), lying))
        .isEqualTo(new Check.Refused("it has another digest", "look"));
  }

  @Test
  void whatNoHostNeedsStandsInNobodysWay() {
    var arm = new ArtifactId("k3s", "v1.36.4+k3s1", "arm64", "k3s");
    var lying = Map.<ArtifactId, Lies>of(arm, new Lies.Wrong("it has another digest", "look"));
    assertThat(check(Map.of(BINARY.toString(), OTHER), Set.of(), lying))
        .isInstanceOf(Check.InSync.class);
  }
}
