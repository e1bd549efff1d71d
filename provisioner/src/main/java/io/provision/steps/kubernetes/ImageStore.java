package io.provision.steps.kubernetes;

import java.util.List;

/**
 * How an archive of images reaches the container runtime of a node.
 *
 * @param folder where archives are kept once they were taken in; a runtime that reads the folder
 *     when it starts has them after a reboot of an empty one as well
 * @param waiting where an archive lies until then, on the file system of the folder
 * @param socket of the runtime; while it is not there nothing can be taken in
 * @param importer the program that takes in an archive, up to the archive's path
 */
public record ImageStore(String folder, String waiting, String socket, List<String> importer) {
  public ImageStore {
    importer = List.copyOf(importer);
  }

  /** Where the archive of this name is kept. */
  public String place(String name) {
    return "%s/provision-%s.tar".formatted(folder, name);
  }

  /** Where it lies until it was taken in. */
  public String fresh(String name) {
    return "%s/provision-%s.tar".formatted(waiting, name);
  }
}
