package io.provision.steps.kubernetes.images;

import io.provision.section.SectionEntry;
import io.provision.step.Area;
import io.provision.step.StepEntry;

/** What the catalog has of images: one line a step, one a section. */
public final class ImagesArea {
  public static final Area AREA =
      Area.of(
              new StepEntry(
                  "image-artifacts",
                  ImageArtifacts.class,
                  "Pins archives of images, where the artifact directory has them."),
              new StepEntry(
                  "node-images",
                  NodeImages.class,
                  "Loads the images of what the cluster runs, where the artifact directory has them."))
          .with(
              new SectionEntry(
                  "cluster",
                  "registries",
                  RegistriesSection.class,
                  "Mirrors and logins of registries, as in k3s's registries.yaml.",
                  "{ mirrors: { docker.io: { endpoint: https://r.home } } }"));

  private ImagesArea() {}
}
