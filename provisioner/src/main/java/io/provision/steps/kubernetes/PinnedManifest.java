package io.provision.steps.kubernetes;

import io.provision.desk.DeskChange.ArtifactId;
import io.provision.desk.DeskQuestion;
import io.provision.model.Inventory;
import io.provision.resource.ManifestText;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Probes;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * A manifest that somebody publishes: its digest pinned as that of a program is, its objects told
 * to whoever applies them as soon as its text is at hand. That is before the run where it lies in
 * the artifact directory or was downloaded before, else after the download.
 */
public record PinnedManifest(Path lockFile, ArtifactId id) {

  /** One that is pinned beside this inventory. */
  public static PinnedManifest of(ArtifactId id, Inventory inventory) {
    return new PinnedManifest(PinnedArtifacts.lockFile(inventory), id);
  }

  private PinnedArtifacts pinned() {
    return new PinnedArtifacts(lockFile, Set.of(id));
  }

  private DeskQuestion.Text text() {
    return new DeskQuestion.Text(lockFile, id);
  }

  public Probes probes() {
    return pinned().probes().and(Probes.of(text()));
  }

  /**
   * @param output what tells the objects
   */
  public Check check(Observations seen, Output<PublishedObjects> output) {
    var refusal = pinned().refusal(List.of(id), seen);
    if (refusal.isPresent()) {
      return refusal.get();
    }
    var objects = Observed.NOTHING;
    var text = seen.of(text());
    if (text.isPresent()) {
      try {
        var manifests = ManifestText.objects(id.toString(), text.get());
        objects = Observed.of(output, new PublishedObjects(id, manifests));
      } catch (IllegalArgumentException e) {
        return new Check.Refused(
            "it is not a manifest: " + e.getMessage(),
            "look at the file; a proxy or mirror may have answered with a page of its own");
      }
    }
    var known = objects;
    return pinned()
        .pinning(List.of(id), seen, known)
        .orElseGet(() -> text.isPresent() ? new Check.InSync(known) : again(seen));
  }

  /** It is pinned and was downloaded by somebody else, or before the cache was emptied. */
  private Check again(Observations seen) {
    return pinned().fetching(List.of(id), seen, Observed.NOTHING);
  }
}
