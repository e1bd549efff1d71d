package io.provision.cli.rotation.pod;

import io.provision.cli.run.Refused;
import io.provision.section.ImageName;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What is to be installed in the cluster, or taken out of it. */
public final class CronJobOptions {
  private static final String INSTALL = "--install-cronjob";
  private static final String REMOVE = "--remove-cronjob";

  @Option(
      names = INSTALL,
      description =
          "have the cluster start it in each window, as a CronJob of its own; tries it out first")
  private boolean install;

  @Option(names = REMOVE, description = "take the CronJob out again, with all that it came with")
  private boolean remove;

  @Option(
      names = "--image",
      paramLabel = "IMAGE",
      description = "of --install-cronjob: the image that has this program, best by its digest")
  private Optional<String> image = Optional.empty();

  @Option(
      names = "--namespace",
      paramLabel = "NAME",
      description =
          "of --install-cronjob and --remove-cronjob: where it is; without it provision-rotation")
  private Optional<String> namespace = Optional.empty();

  @Option(
      names = "--janitor",
      description =
          "of --install-cronjob: besides, each hour, what runs --resume: no node stays cordoned by"
              + " one that is no more")
  private boolean janitor;

  public boolean asked() {
    return install || remove;
  }

  /** Nothing would carry out what belongs to a CronJob that is not asked for. */
  public void refuseWhatGoesNotTogether() throws Refused {
    if (install && remove) {
      throw new Refused(INSTALL, "it does not go with " + REMOVE);
    }
    if (!install && (image.isPresent() || janitor)) {
      throw new Refused("--image and --janitor", "they go with --install-cronjob only");
    }
    if (!asked() && namespace.isPresent()) {
      throw new Refused("--namespace", "it goes with --install-cronjob and --remove-cronjob only");
    }
  }

  public boolean installs() {
    return install;
  }

  boolean hasJanitor() {
    return janitor;
  }

  String namespace() {
    return namespace.orElse(PodNames.NAMESPACE);
  }

  String image() throws Refused {
    if (image.isEmpty()) {
      throw new Refused(
          INSTALL,
          "which image has this program? say it by --image, best by its digest:"
              + " registry.home/provision@sha256:...");
    }
    try {
      return new ImageName(image.get()).value();
    } catch (IllegalArgumentException e) {
      throw new Refused("--image", String.valueOf(e.getMessage()));
    }
  }
}
