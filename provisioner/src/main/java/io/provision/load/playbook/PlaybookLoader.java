package io.provision.load.playbook;

import io.provision.load.bind.Binder;
import io.provision.load.bind.Scalars;
import io.provision.load.bind.SourceFile;
import io.provision.load.inventory.InventoryLoader;
import io.provision.load.playbook.PlayDocument.Selector;
import io.provision.load.playbook.PlayDocument.StepDocument;
import io.provision.load.yaml.Problems;
import io.provision.load.yaml.YamlReader;
import io.provision.model.Host;
import io.provision.model.Inventory;
import io.provision.model.Position;
import io.provision.section.DidYouMean;
import io.provision.section.Node;
import io.provision.section.Node.Mapping;
import io.provision.section.Node.Scalar;
import io.provision.section.Node.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads playbooks: a list of plays, each with hosts and steps, and of parts that come with the
 * program; no conditions, no loops.
 */
public final class PlaybookLoader {
  private static final String INCLUDE = "include";
  private static final Set<String> KEYS =
      new LinkedHashSet<>(List.of("name", "hosts", "serial", "steps"));

  /** Words of Ansible that mean a key of ours. */
  private static final Map<String, String> SYNONYMS =
      Map.of(
          "tasks", "steps",
          "roles", "steps",
          "group", "hosts",
          "targets", "hosts",
          "import_playbook", INCLUDE,
          "include_playbook", INCLUDE);

  private final Map<String, Class<? extends Record>> catalog;
  private final Binder binder;

  /**
   * @param catalog the steps there are, by their name
   */
  public PlaybookLoader(Map<String, Class<? extends Record>> catalog, Binder binder) {
    this.catalog = new TreeMap<>(catalog);
    this.binder = binder;
  }

  /** The plays in this file; all that is wrong goes to the problems. */
  public List<PlayDocument> load(SourceFile source, Problems problems) {
    InventoryLoader.distrusted(source, problems);
    return load(source.name(), source.bytes(), problems);
  }

  /** The plays in this text, for example a resource of the program. */
  public List<PlayDocument> load(String name, byte[] text, Problems problems) {
    return YamlReader.read(name, text, problems)
        .map(root -> plays(root, problems))
        .orElse(List.of());
  }

  /** Looks at every step without an inventory, for its problems alone. */
  public void bindAll(List<PlayDocument> plays, Problems problems) {
    plays.forEach(play -> play.steps().forEach(step -> bind(step, problems)));
  }

  /** The step's record with its parameters, or empty with a problem. */
  public Optional<Record> bind(StepDocument step, Problems problems) {
    var type = catalog.get(step.name());
    if (type == null) {
      problems.add(
          step.position(),
          "there is no step '%s'.%s see: provision steps"
              .formatted(step.name(), DidYouMean.sentence(step.name(), catalog.keySet())));
      return Optional.empty();
    }
    return binder.bind(type, step.parameters(), problems).map(Record.class::cast);
  }

  /** The hosts of a play in the order of the inventory; words that name nothing are problems. */
  public static List<Host> hosts(PlayDocument play, Inventory inventory, Problems problems) {
    var chosen = new LinkedHashSet<Host>();
    for (var selector : play.hosts()) {
      var selected = inventory.select(selector.word());
      if (selected.isEmpty()) {
        problems.add(
            selector.position(),
            "there is no group or host '%s'.%s"
                .formatted(
                    selector.word(), DidYouMean.sentence(selector.word(), words(inventory))));
      }
      selected.ifPresent(chosen::addAll);
    }
    return inventory.known().stream().filter(chosen::contains).toList();
  }

  private static List<String> words(Inventory inventory) {
    var words = new ArrayList<>(Inventory.BUILT_IN_GROUPS);
    words.addAll(inventory.groups().keySet());
    inventory.known().forEach(host -> words.add(host.name().value()));
    return words;
  }

  private List<PlayDocument> plays(Node root, Problems problems) {
    if (!(root instanceof Sequence(var items, var _))) {
      problems.add(
          root.position(),
          "a playbook is a list of plays, each with name, hosts and steps, not %s."
              .formatted(root.kind()));
      return List.of();
    }
    var plays = new ArrayList<PlayDocument>();
    for (var item : items) {
      if (item instanceof Mapping mapping && mapping.find(INCLUDE).isPresent()) {
        plays.addAll(included(mapping, problems));
      } else if (item instanceof Mapping mapping) {
        play(mapping, problems).ifPresent(plays::add);
      } else {
        problems.add(
            item.position(),
            "a play is a mapping with name, hosts and steps, not %s.".formatted(item.kind()));
      }
    }
    return List.copyOf(plays);
  }

  /** The plays of a part, in its place. Parts include none, so that this comes to an end. */
  private List<PlayDocument> included(Mapping item, Problems problems) {
    var name = item.find(INCLUDE).flatMap(node -> text(node, problems));
    if (name.isEmpty()) {
      return List.of();
    }
    if (item.entries().size() > 1) {
      problems.add(
          item.position(),
          "'include: %s' stands alone: its plays have their own hosts and steps."
              .formatted(name.get()));
      return List.of();
    }
    var text = Parts.read(name.get());
    if (text.isEmpty()) {
      var at = item.find(INCLUDE).orElseThrow().position();
      problems.add(
          at,
          "there is no part '%s' to include.%s there are %s; files of your own are not included."
              .formatted(
                  name.get(),
                  DidYouMean.sentence(name.get(), Parts.NAMES),
                  String.join(", ", Parts.NAMES)));
      return List.of();
    }
    return load(Parts.file(name.get()), text.get(), problems);
  }

  private Optional<PlayDocument> play(Mapping play, Problems problems) {
    play.entries().forEach((key, entry) -> known(key, entry.key().position(), problems));
    var hosts = selectors(play, problems);
    var steps = steps(play, problems);
    var serial = serial(play, problems);
    var name =
        play.find("name")
            .flatMap(node -> text(node, problems))
            .orElse(hosts.isEmpty() ? "" : hosts.getFirst().word());
    return hosts.isEmpty()
        ? Optional.empty()
        : Optional.of(new PlayDocument(name, hosts, serial, steps, play.position()));
  }

  private static void known(String key, Position at, Problems problems) {
    if (KEYS.contains(key)) {
      return;
    }
    var synonym = SYNONYMS.get(key);
    var hint =
        synonym == null ? DidYouMean.sentence(key, KEYS) : " did you mean '%s'?".formatted(synonym);
    problems.add(
        at,
        "unknown key '%s'.%s"
            .formatted(
                key,
                hint.isEmpty()
                    ? " a play has name, hosts, serial and steps, or is 'include: PART'; no conditions or"
                        + " loops."
                    : hint));
  }

  private List<Selector> selectors(Mapping play, Problems problems) {
    var node = play.find("hosts");
    if (node.isEmpty()) {
      problems.add(play.at("hosts"), "'hosts' is missing: a group, a host, or a list of them.");
      return List.of();
    }
    var items = node.get() instanceof Sequence(var list, var _) ? list : List.of(node.get());
    var selectors = new ArrayList<Selector>();
    for (var item : items) {
      text(item, problems).ifPresent(word -> selectors.add(new Selector(word, item.position())));
    }
    if (items.isEmpty()) {
      problems.add(node.get().position(), "the play has no hosts.");
    }
    return selectors;
  }

  private Optional<Serial> serial(Mapping play, Problems problems) {
    return play.find("serial")
        .flatMap(node ->
            text(node, problems)
                .flatMap(text -> {
                  try {
                    return Optional.of(Serial.parse(text));
                  } catch (IllegalArgumentException e) {
                    problems.add(node.position(), e.getMessage() + ".");
                    return Optional.empty();
                  }
                }));
  }

  private List<StepDocument> steps(Mapping play, Problems problems) {
    var node = play.find("steps");
    if (node.isEmpty()) {
      problems.add(play.at("steps"), "'steps' is missing: a list of steps.");
      return List.of();
    }
    if (!(node.get() instanceof Sequence(var items, var _))) {
      problems.add(node.get().position(), "steps is a list, not %s.".formatted(node.get().kind()));
      return List.of();
    }
    var steps = new ArrayList<StepDocument>();
    items.forEach(item -> step(item, problems).ifPresent(steps::add));
    return steps;
  }

  private static Optional<StepDocument> step(Node item, Problems problems) {
    if (item instanceof Scalar && !item.isNull()) {
      return text(item, problems)
          .map(name -> new StepDocument(name, Mapping.empty(item.position()), item.position()));
    }
    if (!(item instanceof Mapping(var entries, var at)) || entries.isEmpty()) {
      problems.add(
          item.position(),
          "a step is its name, or its name with parameters, not %s.".formatted(item.kind()));
      return Optional.empty();
    }
    var names = List.copyOf(entries.keySet());
    if (names.size() > 1) {
      problems.add(
          at,
          "a step is one name with its parameters below it; here are %s. there are no conditions or loops."
              .formatted(String.join(", ", names)));
      return Optional.empty();
    }
    var entry = entries.values().iterator().next();
    var parameters = entry.value().isNull() ? Mapping.empty(at) : entry.value();
    return Optional.of(new StepDocument(names.getFirst(), parameters, entry.key().position()));
  }

  private static Optional<String> text(Node node, Problems problems) {
    if (node instanceof Scalar scalar) {
      return Scalars.text(scalar, problems);
    }
    problems.add(
        node.position(), "a single value is expected here, not %s.".formatted(node.kind()));
    return Optional.empty();
  }
}
