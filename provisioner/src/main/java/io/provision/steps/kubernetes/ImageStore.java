package io.provision.steps.kubernetes;

import io.provision.model.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * How an archive of images reaches the container runtime of a node.
 *
 * @param folder where it is kept what was taken in
 * @param readsFolder whether the runtime reads the folder when it starts: archives are kept there
 *     then, and it has them after it lost its own. Else a note of an archive's digest is kept,
 *     which takes no room and is read at every look instead of hundreds of megabytes
 * @param waiting where an archive lies until then, on the file system of the folder
 * @param socket of the runtime; while it is not there nothing can be taken in
 * @param importer the program that takes in an archive, up to the archive's path
 */
public record ImageStore(
    String folder, boolean readsFolder, String waiting, String socket, List<String> importer) {
  public ImageStore {
    importer = List.copyOf(importer);
  }

  /** What is kept of the archive of this name. */
  public String place(String name) {
    return "%s/provision-%s.%s".formatted(folder, name, readsFolder ? "tar" : "sha256");
  }

  /** The digest of what is kept of an archive with this one. */
  public Sha256 kept(Sha256 archive) {
    return readsFolder ? archive : Sha256.of(note(archive).getBytes(StandardCharsets.UTF_8));
  }

  /** The text of the note. */
  public String note(Sha256 archive) {
    return archive.hex() + "\n";
  }

  /** Where it lies until it was taken in. */
  public String fresh(String name) {
    return "%s/provision-%s.tar".formatted(waiting, name);
  }
}
