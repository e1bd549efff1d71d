package io.provision.cli;

import io.provision.console.Problem;
import io.provision.engine.Playbook;
import io.provision.load.Binder;
import io.provision.load.InputRefused;
import io.provision.load.InventoryLoader;
import io.provision.load.PlaybookAssembler;
import io.provision.load.PlaybookLoader;
import io.provision.load.Problems;
import io.provision.load.Surroundings;
import io.provision.model.Cluster;
import io.provision.model.Inventory;
import io.provision.steps.Catalog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a command is given to work on: an inventory with its playbook. */
final class Inputs {
  private final Surroundings surroundings;

  Inputs(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /**
   * What was read.
   *
   * @param text of the inventory, as it was
   * @param playbookText of a playbook of the user's own
   */
  record Read(
      Inventory inventory,
      Playbook playbook,
      String text,
      Optional<String> playbookText,
      Optional<Path> playbookFile,
      List<Problem> warnings) {}

  /** Reads an inventory and its playbook, or says all that is wrong with both. */
  Read read(Path file, Optional<Path> playbook) throws Refused {
    try {
      var loaded = new InventoryLoader(surroundings).load(file);
      var own = playbook.or(loaded.inventory()::playbook);
      return read(loaded, text(file), own, own.map(Inputs::text));
    } catch (InputRefused e) {
      throw refused(e.problems());
    } catch (UncheckedIOException e) {
      throw new Refused(file.toString(), "it cannot be read: " + e.getMessage());
    }
  }

  /** As {@link #read(Path, Optional)}, of what a plan kept. */
  Read read(Path file, String inventory, Optional<Path> playbook, Optional<String> playbookText)
      throws Refused {
    try {
      var bytes = inventory.getBytes(StandardCharsets.UTF_8);
      var loaded = new InventoryLoader(surroundings).load(file, bytes);
      return read(loaded, inventory, playbook, playbookText);
    } catch (InputRefused e) {
      throw refused(e.problems());
    }
  }

  private Read read(
      InventoryLoader.Loaded loaded,
      String text,
      Optional<Path> playbookFile,
      Optional<String> playbookText)
      throws Refused {
    var inventory = loaded.inventory();
    var problems = new Problems();
    var directory = playbookFile.orElse(inventory.file()).toAbsolutePath().getParent();
    var binder = new Binder(surroundings, directory == null ? Path.of("/") : directory);
    var loader = new PlaybookLoader(Catalog.types(), binder);
    var documents =
        loader.load(
            playbookFile.map(Path::toString).orElse(shippedName(inventory)),
            playbookText.orElseGet(() -> shipped(inventory)).getBytes(StandardCharsets.UTF_8),
            problems);
    var playbook = new PlaybookAssembler(loader, inventory, problems).assemble(documents);
    problems.refuseIfAny();
    var warnings = new ArrayList<io.provision.load.Problem>(loaded.warnings());
    warnings.addAll(problems.warnings());
    return new Read(
        inventory,
        playbook,
        text,
        playbookText,
        playbookFile,
        warnings.stream().map(Inputs::warning).toList());
  }

  private static String shippedName(Inventory inventory) {
    var distribution =
        inventory.cluster().map(Cluster::distribution).orElse(Cluster.Distribution.NONE);
    return "playbooks/" + distribution.name().toLowerCase(Locale.ROOT) + ".yml";
  }

  private static String shipped(Inventory inventory) {
    try (var in = Inputs.class.getResourceAsStream("/" + shippedName(inventory))) {
      if (in == null) {
        throw new InputRefused(
            List.of(
                new io.provision.load.Problem(
                    inventory.cluster().orElseThrow().position(),
                    "this version comes without %s. name a playbook of your own with 'playbook:'."
                        .formatted(shippedName(inventory)))));
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Refused refused(List<io.provision.load.Problem> problems) {
    return new Refused(
        problems.stream().map(each -> Problem.error(each.at().toString(), each.reason())).toList());
  }

  private static Problem warning(io.provision.load.Problem problem) {
    return Problem.warning(problem.at().toString(), problem.reason());
  }
}
