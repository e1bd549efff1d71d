package io.provision.load.yaml;

import io.provision.model.Position;
import io.provision.section.Node;
import io.provision.section.Node.Entry;
import io.provision.section.Node.Mapping;
import io.provision.section.Node.Scalar;
import io.provision.section.Node.Sequence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.parser.Parser;

/**
 * SnakeYAML's events to one tree. An alias shares the nodes of its anchor, and counts as many as it
 * stands for: so a document that multiplies itself ends at the limit, not in memory.
 */
final class Composer {
  private static final int MOST_NODES = 500_000;
  private static final int MOST_ALIASES = 50;
  private static final int DEEPEST = 30;
  private static final String MERGE = "<<";

  private final String file;
  private final Parser events;
  private final Problems problems;
  private final Map<String, Anchored> anchors = new HashMap<>();
  private final Set<String> open = new HashSet<>();
  private int nodes;
  private int aliases;

  /** What an anchor stands for, with all aliases in it followed. */
  private record Anchored(Node node, int size, int height) {}

  Composer(String file, Parser events, Problems problems) {
    this.file = file;
    this.events = events;
    this.problems = problems;
  }

  /** The only document of the file; empty, with a problem, where there is none. */
  Optional<Node> document() {
    events.getEvent();
    if (events.checkEvent(Event.ID.StreamEnd)) {
      return none();
    }
    events.getEvent();
    var root = node(1).node();
    events.getEvent();
    if (!events.checkEvent(Event.ID.StreamEnd)) {
      problems.add(
          at(events.peekEvent()),
          "a second document starts here. only one is read; put it in a file of its own.");
    }
    return root.isNull() ? none() : Optional.of(root);
  }

  private Optional<Node> none() {
    problems.add(Positions.start(file), "the file is empty.");
    return Optional.empty();
  }

  private Anchored node(int depth) {
    var event = events.getEvent();
    count(event, depth, 1);
    if (event instanceof AliasEvent alias) {
      return alias(alias, depth);
    }
    var anchor = ((NodeEvent) event).getAnchor();
    if (anchor != null) {
      open.add(anchor);
    }
    var made = made(event, depth);
    if (anchor != null) {
      open.remove(anchor);
      anchors.put(anchor, made);
    }
    return made;
  }

  /** Not a switch over types: linking one costs more than reading a small inventory. */
  private Anchored made(Event event, int depth) {
    if (event instanceof ScalarEvent scalar) {
      return new Anchored(scalar(scalar), 1, 1);
    }
    return event instanceof SequenceStartEvent start
        ? sequence(start, depth)
        : mapping((MappingStartEvent) event, depth);
  }

  private void count(Event event, int depth, int more) {
    nodes += more;
    if (nodes > MOST_NODES) {
      throw new TooMuch(
          at(event), "there are more than %d values, aliases followed.".formatted(MOST_NODES));
    }
    if (depth > DEEPEST) {
      throw new TooMuch(at(event), "is nested more than %d deep.".formatted(DEEPEST));
    }
  }

  private Anchored alias(AliasEvent event, int depth) {
    if (++aliases > MOST_ALIASES) {
      throw new TooMuch(at(event), "there are more than %d aliases.".formatted(MOST_ALIASES));
    }
    var name = event.getAnchor();
    var anchored = anchors.get(name);
    if (open.contains(name) || anchored == null) {
      var reason =
          open.contains(name)
              ? "alias *%s stands inside its own anchor."
              : "there is no anchor &%s above this alias.";
      problems.add(at(event), reason.formatted(name));
      return new Anchored(new Scalar("", true, at(event)), 1, 1);
    }
    count(event, depth + anchored.height() - 1, anchored.size());
    return anchored;
  }

  private Scalar scalar(ScalarEvent event) {
    var string = "tag:yaml.org,2002:str".equals(event.getTag()) || "!".equals(event.getTag());
    refuseTag(event, string ? null : event.getTag());
    var plain = event.getScalarStyle() == ScalarStyle.PLAIN && !string;
    var text = event.getValue();
    if (!text.codePoints().allMatch(Composer::isCharacter)) {
      problems.add(
          at(event),
          "an escape in this text is not a character (NUL or half of a surrogate pair).");
      return new Scalar("?", false, at(event));
    }
    return new Scalar(text, plain, at(event));
  }

  private static boolean isCharacter(int point) {
    return point != 0 && Character.getType(point) != Character.SURROGATE;
  }

  private Anchored sequence(SequenceStartEvent start, int depth) {
    refuseTag(start, start.getTag());
    var items = new ArrayList<Node>();
    var size = 1;
    var height = 0;
    while (!events.checkEvent(Event.ID.SequenceEnd)) {
      var item = node(depth + 1);
      items.add(item.node());
      size += item.size();
      height = Math.max(height, item.height());
    }
    events.getEvent();
    return new Anchored(new Sequence(items, at(start)), size, height + 1);
  }

  private Anchored mapping(MappingStartEvent start, int depth) {
    refuseTag(start, start.getTag());
    var entries = new LinkedHashMap<String, Entry>();
    var merged = new ArrayList<Mapping>();
    var size = 1;
    var height = 0;
    while (!events.checkEvent(Event.ID.MappingEnd)) {
      var key = node(depth + 1);
      var value = node(depth + 1);
      size += key.size() + value.size();
      height = Math.max(height, Math.max(key.height(), value.height()));
      if (key.node() instanceof Scalar(var text, var plain, var _) && plain && text.equals(MERGE)) {
        merge(value.node(), merged);
      } else {
        put(entries, key.node(), value.node());
      }
    }
    events.getEvent();
    merged.forEach(source -> source.entries().forEach(entries::putIfAbsent));
    return new Anchored(new Mapping(entries, at(start)), size, height + 1);
  }

  private void put(Map<String, Entry> entries, Node key, Node value) {
    if (!(key instanceof Scalar scalar) || scalar.isNull()) {
      problems.add(key.position(), "%s cannot be a key.".formatted(key.kind()));
      return;
    }
    var first = entries.putIfAbsent(scalar.text(), new Entry(scalar, placed(value, scalar)));
    if (first != null) {
      problems.add(
          key.position(),
          "'%s' is here twice: first in line %d, again in line %d. keep one of them."
              .formatted(scalar.text(), first.key().position().line(), key.position().line()));
    }
  }

  /** Where there is nothing, SnakeYAML's mark is that of whatever comes next. */
  private static Node placed(Node value, Scalar key) {
    return value instanceof Scalar(var text, var plain, var _) && plain && text.isEmpty()
        ? new Scalar("", true, key.position())
        : value;
  }

  private void merge(Node value, List<Mapping> merged) {
    switch (value) {
      case Mapping mapping -> merged.add(mapping);
      case Sequence(var items, var _) -> items.forEach(item -> merge(item, merged));
      case Scalar scalar -> problems.add(scalar.position(), "<< takes the alias of a mapping.");
    }
  }

  private void refuseTag(Event event, @Nullable String tag) {
    if (tag != null) {
      problems.add(at(event), "the tag %s means nothing here. leave it out.".formatted(tag));
    }
  }

  private Position at(Event event) {
    return Positions.position(file, event.getStartMark());
  }
}
