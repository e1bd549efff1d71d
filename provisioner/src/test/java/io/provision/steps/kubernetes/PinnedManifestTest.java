package io.provision.steps.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.desk.DeskChange.ArtifactId;
import io.provision.desk.DeskQuestion;
import io.provision.desk.DeskQuestion.Lies;
import io.provision.model.Sha256;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PinnedManifestTest {
  private static final ArtifactId ID =
      new ArtifactId("metallb", "v0.16.1", ArtifactId.ANY, "metallb-native.yaml");
  private static final Output<PublishedObjects> OBJECTS =
      new Output<>("objects", PublishedObjects.class);
  private static final String TEXT =
      """
      apiVersion: v1
      kind: Namespace
      metadata: {name: metallb-system}
      ---
      apiVersion: v1
      kind: List
      items:
      - {apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: metallb-system}}
      """;
  private static final Sha256 DIGEST = Sha256.of(TEXT.getBytes(StandardCharsets.UTF_8));
  private static final Map<String, Sha256> PIN = Map.of(ID.toString(), DIGEST);

  private final PinnedManifest manifest = new PinnedManifest(Path.of("provision.lock"), ID);

  private Check check(Map<String, Sha256> pins, Map<ArtifactId, Lies> lying, Optional<String> is) {
    return check(pins, lying, Map.of(), is);
  }

  private Check check(
      Map<String, Sha256> pins,
      Map<ArtifactId, Lies> lying,
      Map<ArtifactId, DeskQuestion.Listed> listed,
      Optional<String> is) {
    var seen = new Observations.Builder();
    for (var question : manifest.probes().desk()) {
      switch (question) {
        case DeskQuestion.Pins it -> seen.put(it, pins);
        case DeskQuestion.Lying it -> seen.put(it, lying);
        case DeskQuestion.Published it -> seen.put(it, listed);
        case DeskQuestion.Text it -> seen.put(it, is);
        case DeskQuestion.Offered _, DeskQuestion.KubeconfigEntry _, DeskQuestion.PinnedOf _ ->
            throw new IllegalStateException(question.toString());
      }
    }
    return manifest.check(seen.build(), OBJECTS);
  }

  private static void tellsAll(Observed observed) {
    assertThat(observed.values().get(OBJECTS))
        .isInstanceOfSatisfying(
            PublishedObjects.class,
            it ->
                assertThat(it.manifests())
                    .extracting(each -> each.ref().toString())
                    .containsExactly("Namespace metallb-system", "ConfigMap metallb-system/a"));
  }

  @Test
  void aPinnedTextThatIsAtHandTellsItsObjects() {
    assertThat(check(PIN, Map.of(), Optional.of(TEXT)))
        .isInstanceOfSatisfying(Check.InSync.class, it -> tellsAll(it.observed()));
  }

  @Test
  void aTextThatLiesThereTellsThemBeforeItIsPinned() {
    var lying = Map.<ArtifactId, Lies>of(ID, new Lies.Right(DIGEST));
    assertThat(check(Map.of(), lying, Optional.of(TEXT)))
        .isInstanceOfSatisfying(
            Check.Drift.class,
            it -> {
              tellsAll(it.observed());
              assertThat(it.changes())
                  .extracting(Change::action)
                  .containsExactly(Change.Action.FETCH);
            });
  }

  @Test
  void whatIsNotAtHandIsFetchedPinnedOrNot() {
    for (var pins : java.util.List.of(PIN, Map.<String, Sha256>of())) {
      assertThat(check(pins, Map.of(), Optional.empty()))
          .isInstanceOfSatisfying(
              Check.Drift.class,
              it -> {
                assertThat(it.observed().values()).isEmpty();
                assertThat(it.changes())
                    .extracting(Change::action)
                    .containsExactly(Change.Action.FETCH);
              });
    }
  }

  @Test
  void aFileThatIsNotAsPinnedIsRefused() {
    var lying = Map.<ArtifactId, Lies>of(ID, new Lies.Wrong("it has another digest", "look"));
    assertThat(check(PIN, lying, Optional.empty()))
        .isEqualTo(new Check.Refused("it has another digest", "look"));
  }

  /** The plan says so, not only the run that would have downloaded it. */
  @Test
  void aVersionThatCouldNeverBePinnedIsRefused() {
    var nobody = new DeskQuestion.Listed.Unlisted("no digest is known", "bring the file");
    assertThat(check(Map.of(), Map.of(), Map.of(ID, nobody), Optional.empty()))
        .isEqualTo(new Check.Refused("no digest is known", "bring the file"));
  }

  @Test
  void aPageOfAProxyIsNoManifest() {
    assertThat(check(PIN, Map.of(), Optional.of("<html>log in</html>")))
        .isInstanceOfSatisfying(
            Check.Refused.class, it -> assertThat(it.what()).contains(ID.toString()));
    assertThat(check(PIN, Map.of(), Optional.of("a: [")))
        .isInstanceOfSatisfying(
            Check.Refused.class, it -> assertThat(it.what()).contains("not valid YAML"));
  }
}
