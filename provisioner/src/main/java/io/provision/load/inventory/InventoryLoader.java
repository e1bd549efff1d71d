package io.provision.load.inventory;

import io.provision.load.bind.Binder;
import io.provision.load.bind.SourceFile;
import io.provision.load.bind.Surroundings;
import io.provision.load.inventory.Documents.InventoryDocument;
import io.provision.load.inventory.Grammar.DistributionName;
import io.provision.load.yaml.InputProblem;
import io.provision.load.yaml.InputRefused;
import io.provision.load.yaml.Positions;
import io.provision.load.yaml.Problems;
import io.provision.load.yaml.YamlReader;
import io.provision.model.Cluster;
import io.provision.model.Inventory;
import io.provision.section.Areas;
import io.provision.section.Node.Mapping;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Reads inventories. Opens no connection, runs no program, and writes nothing. */
public final class InventoryLoader {
  private final Surroundings surroundings;
  private final Areas areas;

  /**
   * @param areas what areas have in an inventory
   */
  public InventoryLoader(Surroundings surroundings, Areas areas) {
    this.surroundings = surroundings;
    this.areas = areas;
  }

  /**
   * An inventory that can be worked with.
   *
   * @param warnings what should be said all the same
   */
  public record Loaded(Inventory inventory, List<InputProblem> warnings) {
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
    var source = SourceFile.read(file, SourceFile.MOST_BYTES, surroundings, problems);
    problems.refuseIfAny();
    return loaded(read(source.orElseThrow(), problems), problems);
  }

  /** As {@link #load(Path)}, of text that is at hand; paths in it start at the file's directory. */
  public Loaded load(Path file, byte[] text) {
    var problems = new Problems();
    return loaded(read(SourceFile.of(file, text), problems), problems);
  }

  private static Loaded loaded(Reading reading, Problems problems) {
    problems.refuseIfAny();
    return new Loaded(reading.inventory().orElseThrow(), problems.warnings());
  }

  /**
   * What could be made of an inventory, so that its playbook can be looked at although something is
   * wrong with it.
   *
   * @param inventory empty where there was a problem
   * @param names hosts and groups with nothing but their names and roles; empty where a name itself
   *     is wrong
   * @param playbook the one it names
   */
  public record Reading(
      Optional<Inventory> inventory, Optional<Inventory> names, Optional<Path> playbook) {
    static final Reading NOTHING =
        new Reading(Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** Reads an inventory; everything that is wrong with it goes to the problems. */
  public Reading read(SourceFile source, Problems problems) {
    return read(source, Set.of(), problems);
  }

  /** The same, as if these hosts were written as leaving. */
  public Reading read(SourceFile source, Set<String> leaving, Problems problems) {
    distrusted(source, problems);
    var root = YamlReader.read(source.name(), source.bytes(), problems);
    if (root.isPresent() && !(root.get() instanceof Mapping)) {
      problems.add(
          root.get().position(),
          "an inventory is a mapping with the key 'hosts', not %s.".formatted(root.get().kind()));
      return Reading.NOTHING;
    }
    var directory =
        Optional.ofNullable(source.file().toAbsolutePath().getParent()).orElse(Path.of("/"));
    var binder = binder(new Binder(surroundings, directory, source.distrust()), areas);
    var document = root.flatMap(node -> binder.bind(InventoryDocument.class, node, problems));
    if (document.isEmpty()) {
      return Reading.NOTHING;
    }
    var draft = new Draft(document.get(), areas.distributions(), leaving, problems);
    return new Reading(
        inventory(draft, source.file(), problems),
        new InventoryNames(draft, source.file()).inventory(),
        document.get().playbook().filter(Files::isRegularFile));
  }

  /** The same, for documents of an inventory with what these areas have in it. */
  static Binder binder(Binder plain, Areas areas) {
    return plain
        .with(areas.sections())
        .choosing(DistributionName.class, names(areas))
        .explaining(Map.of(Cluster.Cni.class, OtherPlugins.WORDS));
  }

  /** What can be written for a distribution. */
  static List<String> names(Areas areas) {
    return Stream.concat(areas.distributions().stream(), Stream.of(Cluster.Distribution.NONE))
        .map(Cluster.Distribution::name)
        .toList();
  }

  private Optional<Inventory> inventory(Draft draft, Path file, Problems problems) {
    new HostChecks(draft, problems).run();
    draft
        .cluster()
        .ifPresent(cluster -> {
          new ClusterChecks(draft, cluster, problems).run();
          new NetworkChecks(draft, cluster, problems).run();
        });
    new SectionChecks(draft, problems).run();
    return problems.isEmpty()
        ? Optional.of(new InventoryDraft(draft, file, surroundings).inventory())
        : Optional.empty();
  }

  /** Who can write the inventory is root on all hosts with the next apply. */
  public static void distrusted(SourceFile source, Problems problems) {
    source
        .distrust()
        .ifPresent(complaint ->
            problems.warn(
                Positions.start(source.name()),
                "%s, and so command all hosts. %s"
                    .formatted(complaint.what(), complaint.remedy())));
  }
}
