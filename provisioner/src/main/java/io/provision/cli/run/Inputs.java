package io.provision.cli.run;

import io.provision.console.Problem;
import io.provision.engine.playbook.Playbook;
import io.provision.load.PlanFile;
import io.provision.load.bind.Binder;
import io.provision.load.bind.SourceFile;
import io.provision.load.bind.Surroundings;
import io.provision.load.inventory.InventoryLoader;
import io.provision.load.playbook.PlayDocument;
import io.provision.load.playbook.PlaybookAssembler;
import io.provision.load.playbook.PlaybookLoader;
import io.provision.load.yaml.InputRefused;
import io.provision.load.yaml.Problems;
import io.provision.model.Cluster;
import io.provision.model.Inventory;
import io.provision.steps.Catalog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a command is given to work on: an inventory with its playbook. */
public final class Inputs {
  private final Surroundings surroundings;

  public Inputs(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /**
   * What was read.
   *
   * @param text of the inventory, as it was
   * @param playbookText of a playbook of the user's own
   */
  public record Read(
      Inventory inventory,
      Playbook playbook,
      String text,
      Optional<String> playbookText,
      Optional<Path> playbookFile,
      List<Problem> warnings) {}

  /** The file that was named, or {@code -}, or a pipe; read once. */
  public SourceFile source(Path typed) throws Refused {
    var problems = new Problems();
    var source = SourceFile.read(typed, PlanFile.MOST_BYTES, surroundings, problems);
    return source.orElseThrow(() -> refused(problems));
  }

  /** Reads a plan that was saved. */
  public PlanFile plan(SourceFile source) throws Refused {
    try {
      return PlanFile.read(source);
    } catch (InputRefused e) {
      throw new Refused(
          e.problems().stream()
              .map(each -> Problem.error(each.at().toString(), each.reason()))
              .toList());
    }
  }

  /** Reads an inventory and its playbook, or says all that is wrong with both. */
  public Read read(Path file, Optional<Path> playbook) throws Refused {
    return read(source(file), playbook);
  }

  public Read read(SourceFile source, Optional<Path> playbook) throws Refused {
    return read(source, playbook, Set.of(), inventory -> inventory);
  }

  /** As {@link #read(Path, Optional)}, of the inventory as this makes it. */
  public Read read(Path file, Optional<Path> playbook, Edit edit) throws Refused {
    return read(source(file), playbook, Set.of(), edit);
  }

  /** As {@link #read(Path, Optional)}, as if hosts of these names were written as leaving. */
  public Read read(Path file, Optional<Path> playbook, Set<String> leaving) throws Refused {
    return read(source(file), playbook, leaving, inventory -> inventory);
  }

  /** What a command makes of an inventory before its playbook is held against it. */
  public interface Edit {
    Inventory of(Inventory inventory) throws Refused;
  }

  private Read read(SourceFile source, Optional<Path> playbook, Set<String> leaving, Edit edit)
      throws Refused {
    if (PlanFile.is(source)) {
      throw new Refused(
          source.name(), "this is a saved plan, and only 'apply' takes one. name an inventory");
    }
    var problems = new Problems();
    var reading =
        new InventoryLoader(surroundings, Catalog.areas()).read(source, leaving, problems);
    var own = playbook.or(reading::playbook);
    var text =
        own.flatMap(path -> SourceFile.read(path, SourceFile.MOST_BYTES, surroundings, problems));
    if (own.isPresent() && text.isEmpty()) {
      throw refused(problems);
    }
    return read(source, reading, text, edit, problems);
  }

  /** As {@link #read(Path, Optional)}, of what a plan kept. */
  public Read read(PlanFile plan) throws Refused {
    var problems = new Problems();
    var source = SourceFile.of(Path.of(plan.inventoryFile()), plan.inventory());
    var reading = new InventoryLoader(surroundings, Catalog.areas()).read(source, problems);
    var playbook = plan.playbook().map(kept -> SourceFile.of(Path.of(kept.file()), kept.text()));
    return read(source, reading, playbook, inventory -> inventory, problems);
  }

  private Read read(
      SourceFile source,
      InventoryLoader.Reading reading,
      Optional<SourceFile> playbook,
      Edit edit,
      Problems problems)
      throws Refused {
    var directory = playbook.orElse(source).file().toAbsolutePath().getParent();
    var binder =
        new Binder(
            surroundings,
            directory == null ? Path.of("/") : directory,
            playbook.flatMap(SourceFile::distrust));
    var loader = new PlaybookLoader(Catalog.types(), binder.giving(Catalog.given()));
    if (reading.inventory().isEmpty()) {
      playbook.ifPresent(own -> look(loader, loader.load(own, problems), reading, problems));
      throw refused(problems);
    }
    var inventory = edit.of(reading.inventory().get());
    var documents =
        playbook.isPresent()
            ? loader.load(playbook.get(), problems)
            : shipped(loader, inventory, problems);
    var assembled = new PlaybookAssembler(loader, inventory, problems).assemble(documents);
    if (!problems.isEmpty()) {
      throw refused(problems);
    }
    return new Read(
        inventory,
        assembled,
        source.text(),
        playbook.map(SourceFile::text),
        playbook.map(SourceFile::file),
        problems.warnings().stream().map(Inputs::warning).toList());
  }

  /** For its problems alone. */
  private static void look(
      PlaybookLoader loader,
      List<PlayDocument> plays,
      InventoryLoader.Reading reading,
      Problems problems) {
    reading
        .names()
        .ifPresentOrElse(
            names -> new PlaybookAssembler(loader, names, problems).assemble(plays),
            () -> loader.bindAll(plays, problems));
  }

  private static String shippedName(Inventory inventory) {
    var distribution =
        inventory.cluster().map(Cluster::distribution).orElse(Cluster.Distribution.NONE);
    return "playbooks/" + distribution.name() + ".yml";
  }

  private static List<PlayDocument> shipped(
      PlaybookLoader loader, Inventory inventory, Problems problems) {
    var name = shippedName(inventory);
    try (var in = Inputs.class.getResourceAsStream("/" + name)) {
      if (in == null) {
        problems.add(
            inventory.cluster().orElseThrow().position(),
            "this version comes without %s. name a playbook of your own with 'playbook:'."
                .formatted(name));
        return List.of();
      }
      return loader.load(name, in.readAllBytes(), problems);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is wrong, and then what is worth a warning all the same. */
  static Refused refused(Problems problems) {
    var all = new ArrayList<Problem>();
    problems.errors().forEach(it -> all.add(Problem.error(it.at().toString(), it.reason())));
    problems.warnings().forEach(it -> all.add(warning(it)));
    return new Refused(all);
  }

  private static Problem warning(io.provision.load.yaml.InputProblem problem) {
    return Problem.warning(problem.at().toString(), problem.reason());
  }
}
