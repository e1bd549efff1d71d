package io.provision.steps.gluster.declared;

import io.provision.section.ImageName;
import io.provision.section.Key;
import java.util.Optional;

/** The images that storage classes need, as they are written. */
record StorageImagesSection(
    @Key("local-path-provisioner, v0.0.23 or later.") Optional<ImageName> provisioner,
    @Key("An image with a shell.") Optional<ImageName> helper) {

  GlusterStorage.Images settled() {
    var usual = GlusterStorage.Images.USUAL;
    return new GlusterStorage.Images(
        provisioner.map(ImageName::value).orElse(usual.provisioner()),
        helper.map(ImageName::value).orElse(usual.helper()));
  }
}
