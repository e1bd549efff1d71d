package io.provision.lab;

import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.ImageNameSubstitutor;

/** Testcontainers starts images of its own to look around: here that is the node's, too. */
public final class OnlyNodeImages extends ImageNameSubstitutor {
  @Override
  public DockerImageName apply(DockerImageName asked) {
    return DockerImageName.parse(Engine.nodeImage());
  }

  @Override
  protected String getDescription() {
    return "the node's image instead of any other";
  }
}
