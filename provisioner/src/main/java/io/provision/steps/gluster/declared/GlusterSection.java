package io.provision.steps.gluster.declared;

import io.provision.section.Findings;
import io.provision.section.Key;
import io.provision.section.Outline;
import io.provision.section.Section;
import io.provision.section.Source;
import java.util.List;
import java.util.Optional;

/** What the inventory says below {@code cluster.storage.gluster}. */
public record GlusterSection(
    Source source,
    @Key("The volumes.") Optional<List<VolumeSection>> volumes,
    @Key(
            value = "The images that storage classes need, where they are not the usual ones.",
            usual = "the usual ones",
            example = "{ provisioner: example/program:v1.2 }")
        Optional<StorageImagesSection> images)
    implements Section {

  @Override
  public void check(Outline outline, Findings findings) {
    new VolumeChecks(outline, volumes.orElse(List.of()), findings).run();
  }

  @Override
  public GlusterStorage settled() {
    return new GlusterStorage(
        volumes.orElse(List.of()).stream().map(VolumeSection::settled).toList(),
        images.map(StorageImagesSection::settled).orElse(GlusterStorage.Images.USUAL));
  }
}
