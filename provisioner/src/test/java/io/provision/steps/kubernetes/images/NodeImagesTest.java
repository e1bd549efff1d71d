package io.provision.steps.kubernetes.images;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.desk.DeskChange.ArtifactId;
import io.provision.desk.DeskQuestion;
import io.provision.model.Inventory;
import io.provision.model.Sha256;
import io.provision.resource.Files;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Repair;
import io.provision.step.Target;
import io.provision.steps.k3s.K3sDistribution;
import io.provision.steps.kubeadm.KubeadmDistribution;
import io.provision.steps.kubernetes.Cases;
import io.provision.steps.kubernetes.Distributions;
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.kubernetes.TestDistribution;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Archives of images, from the operator's machine into the runtime of a node. */
class NodeImagesTest {
  private static final ArtifactId AMD = new ArtifactId("a", "v1", "amd64", "images.tar");
  private static final String PLACE = "/store/provision-a.tar";
  private static final Inventory INVENTORY = Cases.inventory(Cases.server(1));
  private static final Distributions DISTRIBUTIONS =
      new Distributions(Map.of(K3sDistribution.DECLARED, new TestDistribution()));

  /** Of one thing that the inventory has, or has not. */
  private record Source(boolean wanted) implements ImageSource {
    @Override
    public String name() {
      return "a";
    }

    @Override
    public boolean isWanted(Target target) {
      return wanted;
    }

    @Override
    public Optional<ArtifactId> artifact(Target target, String arch) {
      return Optional.of(new ArtifactId("a", "v1", arch, FILE));
    }
  }

  private static ImageSources sources(boolean wanted) {
    return new ImageSources(List.of(new Source(wanted)));
  }

  private static Check desk(Set<ArtifactId> offered, Map<String, Sha256> pins) {
    var target = new Target.OnDesk(INVENTORY);
    var step = new ImageArtifacts(sources(true));
    var seen = new Observations.Builder();
    for (var question : step.probes(target).desk()) {
      switch (question) {
        case DeskQuestion.Offered it -> seen.put(it, offered);
        case DeskQuestion.Pins it -> seen.put(it, pins);
        case DeskQuestion.Lying it -> seen.put(it, Map.of());
        case DeskQuestion.Published it -> seen.put(it, Map.of());
        case DeskQuestion.KubeconfigEntry _, DeskQuestion.Text _, DeskQuestion.PinnedOf _ ->
            throw new IllegalStateException(question.toString());
      }
    }
    return step.check(target, seen.build(), Known.NOTHING);
  }

  private static Check node(boolean wanted, String files, Map<ArtifactId, Sha256> pinned) {
    return node(DISTRIBUTIONS, PLACE, wanted, files, pinned);
  }

  private static Check node(
      Distributions distributions,
      String place,
      boolean wanted,
      String files,
      Map<ArtifactId, Sha256> pinned) {
    var host = INVENTORY.hosts().getFirst();
    var seen =
        new Observations.Builder().put(Files.at(place), Cases.read(Files.at(place), files)).build();
    var known =
        new Cases.Settled()
            .has(host, Nodes.STATE, Cases.state(false, false))
            .atDesk(ImageSources.DIGESTS, new ImageSources.Digests(pinned));
    return new NodeImages(distributions, sources(wanted))
        .check(Cases.on(host, INVENTORY), seen, known);
  }

  private static final String THERE =
      "81a4 root root 0 0 9 %s\n\n\n%s  %1$s\n\n".formatted(PLACE, Cases.DIGEST.hex());

  @Test
  void whatTheOperatorOffersIsPinnedAndThenSeen() {
    assertThat(desk(Set.of(AMD), Map.of()))
        .isInstanceOfSatisfying(
            Check.Drift.class,
            it ->
                assertThat(it.changes())
                    .extracting(Change::subject)
                    .containsExactly("a/v1/amd64/images.tar"));
    assertThat(desk(Set.of(AMD), Map.of(AMD.toString(), Cases.DIGEST)))
        .isInstanceOfSatisfying(
            Check.InSync.class,
            it ->
                assertThat(it.observed().values())
                    .containsEntry(
                        ImageSources.DIGESTS, new ImageSources.Digests(Map.of(AMD, Cases.DIGEST))));
    assertThat(desk(Set.of(), Map.of())).isInstanceOf(Check.Skipped.class);
  }

  @Test
  void aNodeGetsThemOnceAndTakesThemInBeforeTheyAreInTheirPlace() {
    assertThat(node(true, "", Map.of(AMD, Cases.DIGEST)))
        .isInstanceOfSatisfying(
            Check.Drift.class,
            it -> {
              var scripts = ((Repair.OnHost) it.repair()).scripts();
              assertThat(scripts)
                  .extracting(script -> script.call().function().name())
                  .containsExactly("push_file", "take_in_images");
              assertThat(scripts.getFirst().call().arguments()).doesNotContain(PLACE);
              assertThat(scripts.getLast().call().arguments())
                  .containsExactly(
                      "/waiting/provision-a.tar", PLACE, "/run/it.sock", "ctr", "import");
            });
    assertThat(node(true, THERE, Map.of(AMD, Cases.DIGEST))).isInstanceOf(Check.InSync.class);
  }

  /**
   * It keeps them itself: hundreds of megabytes neither lie there twice nor are read in each look.
   */
  @Test
  void ofWhatARuntimeKeepsItselfOnlyANoteIsKept() {
    var note = "/var/lib/provision/images/provision-a.sha256";
    var wanted = Sha256.of((Cases.DIGEST.hex() + "\n").getBytes(StandardCharsets.UTF_8));
    assertThat(noted(note, wanted)).isInstanceOf(Check.InSync.class);
    assertThat(noted(note, Cases.DIGEST))
        .as("an archive in the place of its note")
        .isInstanceOfSatisfying(
            Check.Drift.class,
            it -> {
              var last = ((Repair.OnHost) it.repair()).scripts().getLast().call();
              assertThat(last.function().name()).isEqualTo("note_images");
              assertThat(last.arguments())
                  .startsWith(
                      "/var/lib/provision/provision-a.tar", note, Cases.DIGEST.hex() + "\n");
            });
  }

  private static Check noted(String path, Sha256 kept) {
    var there = "81a4 root root 0 0 9 %s\n\n\n%s  %1$s\n\n".formatted(path, kept.hex());
    var distributions =
        new Distributions(Map.of(K3sDistribution.DECLARED, new KubeadmDistribution()));
    return node(distributions, path, true, there, Map.of(AMD, Cases.DIGEST));
  }

  /** Of another architecture, or of a machine without the archive: nothing there is taken away. */
  @Test
  void aNodeThatIsOfferedNonePullsThem() {
    var other = new ArtifactId("a", "v1", "arm64", "images.tar");
    assertThat(node(true, THERE, Map.of(other, Cases.DIGEST))).isInstanceOf(Check.Skipped.class);
  }

  @Test
  void anArchiveThatNothingNeedsAnyMoreGoes() {
    assertThat(node(false, THERE, Map.of()))
        .isInstanceOfSatisfying(
            Check.Drift.class,
            it -> assertThat(it.changes()).containsExactly(Change.of(Change.Action.REMOVE, PLACE)));
    assertThat(node(false, "", Map.of())).isInstanceOf(Check.InSync.class);
  }

  @Test
  void whereNothingNeedsImagesTheOperatorsMachineIsAskedNothing() {
    var target = new Target.OnDesk(INVENTORY);
    var step = new ImageArtifacts(sources(false));
    assertThat(step.probes(target)).isEqualTo(Probes.NONE);
    assertThat(step.check(target, new Observations.Builder().build(), Known.NOTHING))
        .isInstanceOfSatisfying(
            Check.Skipped.class,
            it -> assertThat(it.observed().values()).containsKey(ImageSources.DIGESTS));
  }
}
