package io.provision.load;

import io.provision.load.Documents.InventoryDocument;
import io.provision.load.Node.Mapping;
import io.provision.model.Inventory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Optional;

/** Reads inventories. Opens no connection, runs no program, and writes nothing. */
public final class InventoryLoader {
  private final Surroundings surroundings;

  public InventoryLoader(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /**
   * An inventory that can be worked with.
   *
   * @param warnings what should be said all the same
   */
  public record Loaded(Inventory inventory, List<Problem> warnings) {
    public Loaded {
      warnings = List.copyOf(warnings);
    }
  }

  /**
   * The inventory in this file.
   *
   * @throws InputRefused with everything that is wrong with it
   */
  public Loaded load(Path file) {
    var problems = new Problems();
    var inventory = YamlReader.read(file, problems).flatMap(root -> bind(root, file, problems));
    problems.refuseIfAny();
    writableByOthers(file, problems);
    return new Loaded(inventory.orElseThrow(), problems.warnings());
  }

  /** As {@link #load(Path)}, of text that is at hand; paths in it start at the file's directory. */
  public Loaded load(Path file, byte[] text) {
    var problems = new Problems();
    var inventory =
        YamlReader.read(file.toString(), text, problems)
            .flatMap(root -> bind(root, file, problems));
    problems.refuseIfAny();
    return new Loaded(inventory.orElseThrow(), problems.warnings());
  }

  private Optional<Inventory> bind(Node root, Path file, Problems problems) {
    if (!(root instanceof Mapping)) {
      problems.add(
          root.position(),
          "an inventory is a mapping with the key 'hosts', not %s.".formatted(root.kind()));
      return Optional.empty();
    }
    var directory = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of("/"));
    var document =
        new Binder(surroundings, directory).bind(InventoryDocument.class, root, problems);
    if (document.isEmpty()) {
      return Optional.empty();
    }
    var draft = new Draft(document.get(), problems);
    new HostChecks(draft, problems).run();
    draft
        .cluster()
        .ifPresent(cluster -> {
          new Unbuilt(draft, problems).run(cluster);
          new ClusterChecks(draft, cluster, problems).run();
          new ProgramChecks(draft, cluster, problems).run();
          new NetworkChecks(draft, cluster, problems).run();
          new VolumeChecks(draft, problems).run();
        });
    return problems.isEmpty()
        ? Optional.of(new InventoryDraft(draft, file, surroundings).inventory())
        : Optional.empty();
  }

  /** Who can write the inventory is root on all hosts with the next apply. */
  private static void writableByOthers(Path file, Problems problems) {
    try {
      if (Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_WRITE)) {
        problems.warn(
            YamlReader.start(file.toString()),
            "everybody on this machine can write this file, and so command all hosts. run: chmod o-w "
                + file);
      }
    } catch (IOException | UnsupportedOperationException e) {
      // No permissions to be seen is nothing to warn of.
    }
  }
}
