package io.provision.cli.rotation.pod;

import io.provision.cli.run.Inputs;
import io.provision.cli.run.Refused;
import io.provision.model.Host;
import io.provision.model.Inventory;
import io.provision.model.Secret;
import io.provision.model.SshKey;
import io.provision.model.rotation.Notification;
import io.provision.model.rotation.Rotation;
import io.provision.ssh.LoginFiles;
import io.provision.ssh.Workstation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** All that a rotation reads of this machine, so that a pod can read it by the same paths. */
final class BroughtFiles {
  /** An object of Kubernetes has a MiB at most, of base64 and what is around it. */
  private static final int MOST_BYTES = 700_000;

  private static final String FILE = "${file:";

  /** What the programs of nodes should be, beside the inventory. */
  private static final String PINS = "provision.lock";

  private BroughtFiles() {}

  /**
   * Reads them.
   *
   * @throws Refused where there is something that no pod could read
   */
  static List<BroughtFile> of(Inputs.Read read, Workstation here) throws Refused {
    var inventory = read.inventory();
    var paths = new LinkedHashMap<Path, Boolean>();
    paths.put(whole(inventory.file()), false);
    read.playbookFile().ifPresent(it -> paths.put(whole(it), false));
    var pins = whole(inventory.file().toAbsolutePath().resolveSibling(PINS));
    if (Files.isRegularFile(pins)) { // a pod has no artifacts that could be compared with nodes
      paths.put(pins, false);
    }
    var logins = LoginFiles.of(inventory.known(), here);
    if (!logins.obstacles().isEmpty()) {
      throw new Refused(
          inventory.file().toString(),
          "no pod could log in: %s. write 'ssh.key' with a file, which is brought along"
              .formatted(String.join("; ", logins.obstacles())));
    }
    logins.files().forEach(it -> paths.putIfAbsent(whole(it), false));
    logins.keys().forEach(it -> paths.put(whole(it), true));
    for (var secret : secrets(inventory)) {
      addReferred(secret, inventory, here, paths);
    }
    return read(paths);
  }

  private static List<BroughtFile> read(Map<Path, Boolean> paths) throws Refused {
    var files = new ArrayList<BroughtFile>();
    var bytes = 0;
    for (var path : paths.entrySet()) {
      var file = BroughtFile.read(files.size(), path.getKey(), path.getValue());
      bytes += file.bytes().length;
      if (bytes > MOST_BYTES) {
        throw new Refused(
            file.toString(),
            "with it, what is brought along to the pod has more than %d kB, which no object of Kubernetes takes. name smaller files, such as a known_hosts of these hosts alone"
                .formatted(MOST_BYTES / 1000));
      }
      files.add(file);
    }
    return List.copyOf(files);
  }

  /** What a rotation needs of all secrets: those of its logins, and of whom it tells. */
  private static List<Secret> secrets(Inventory inventory) {
    return Stream.concat(
            inventory.known().stream().flatMap(BroughtFiles::secrets),
            Rotation.of(inventory).reporting().notifications().stream().map(Notification::webhook))
        .toList();
  }

  private static Stream<Secret> secrets(Host host) {
    var ssh = host.ssh();
    return Stream.of(
            ssh.passphrase().stream(),
            ssh.password().stream(),
            ssh.become().password().stream(),
            ssh.keys().stream()
                .flatMap(key -> key instanceof SshKey.Text(var it) ? Stream.of(it) : Stream.of()))
        .flatMap(it -> it);
  }

  private static void addReferred(
      Secret secret, Inventory inventory, Workstation here, Map<Path, Boolean> paths)
      throws Refused {
    var reference = secret.reference();
    if (reference.startsWith("${cmd:")) {
      throw new Refused(
          inventory.file().toString(),
          "'%s' asks a program of this machine, which no pod has. write ${file:PATH} with a file of mode 0600, which is brought along"
              .formatted(reference));
    }
    if (reference.startsWith(FILE)) {
      var written = reference.substring(FILE.length(), reference.length() - 1).strip();
      var path =
          written.startsWith("~/")
              ? here.home().resolve(written.substring(2))
              : inventory.directory().resolve(written);
      if (!Files.isRegularFile(path)) {
        throw new Refused(
            inventory.file().toString(), "'%s': there is no such file".formatted(reference));
      }
      paths.put(whole(path), true);
    }
  }

  private static Path whole(Path path) {
    return path.toAbsolutePath().normalize();
  }
}
