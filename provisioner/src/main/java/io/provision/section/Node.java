package io.provision.section;

import io.provision.model.Position;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A piece of YAML with the place where it was written. Scalars keep their text as it stands in the
 * file, so that {@code 1.30} stays {@code 1.30}; what they mean is up to the type that is expected.
 * {@code toString} never shows a value, for it may be a password.
 */
public sealed interface Node {
  Position position();

  /** What an operator calls this kind of value. */
  String kind();

  /** Whether this is YAML's null: nothing at all, {@code ~} or {@code null} without quotes. */
  default boolean isNull() {
    return this instanceof Scalar scalar && scalar.plain() && Scalar.NULLS.contains(scalar.text());
  }

  /**
   * A single value.
   *
   * @param text without quotes, escapes resolved
   * @param plain whether it was written without quotes
   */
  record Scalar(String text, boolean plain, Position position) implements Node {
    private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");
    private static final Pattern WHOLE = Pattern.compile("-?(0|[1-9]\\d{0,17})");
    private static final Pattern DECIMAL = Pattern.compile("-?(0|[1-9]\\d{0,17})\\.\\d{1,18}");

    /**
     * What it means in free data where that is no text: nothing (an empty map), a Long, a
     * BigDecimal (which keeps 1.30) or a Boolean; empty where it is a text.
     */
    public Optional<Object> word() {
      if (!plain) {
        return Optional.empty();
      }
      if (isNull()) {
        return Optional.of(Map.of());
      }
      if (WHOLE.matcher(text).matches()) {
        return Optional.of(Long.valueOf(text));
      }
      if (DECIMAL.matcher(text).matches()) {
        return Optional.of(new BigDecimal(text));
      }
      return switch (text) {
        case "true", "True", "TRUE" -> Optional.of(true);
        case "false", "False", "FALSE" -> Optional.of(false);
        default -> Optional.empty();
      };
    }

    @Override
    public String kind() {
      return isNull() ? "nothing" : "a single value";
    }

    @Override
    public String toString() {
      return "value at " + position;
    }
  }

  /** A list. */
  record Sequence(List<Node> items, Position position) implements Node {
    public Sequence {
      items = List.copyOf(items);
    }

    @Override
    public String kind() {
      return "a list";
    }

    @Override
    public String toString() {
      return "list at " + position;
    }
  }

  /** Keys with their values, in the order in which they were written. */
  record Mapping(Map<String, Entry> entries, Position position) implements Node, Source {
    public Mapping {
      entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }

    public static Mapping empty(Position position) {
      return new Mapping(Map.of(), position);
    }

    /** The value of this key, unless it is missing or null. */
    public Optional<Node> find(String key) {
      return Optional.ofNullable(entries.get(key))
          .map(Entry::value)
          .filter(value -> !value.isNull());
    }

    @Override
    public boolean has(String key) {
      return find(key).isPresent();
    }

    @Override
    public Position at(String... keys) {
      Node here = this;
      for (var key : keys) {
        var next = here instanceof Mapping mapping ? mapping.entries.get(key) : null;
        if (next == null) {
          break;
        }
        here = next.value().isNull() ? next.key() : next.value();
      }
      return here.position();
    }

    @Override
    public Position keyAt(String key) {
      var entry = entries.get(key);
      return entry == null ? position : entry.key().position();
    }

    @Override
    public List<Position> itemsAt(String key) {
      var positions = new ArrayList<Position>();
      find(key)
          .ifPresent(node -> {
            if (node instanceof Sequence(var items, var _)) {
              items.forEach(item -> positions.add(item.position()));
            } else {
              positions.add(node.position());
            }
          });
      return positions;
    }

    @Override
    public String kind() {
      return "a mapping";
    }

    @Override
    public String toString() {
      return "mapping at " + position;
    }
  }

  /** One key with its value. */
  record Entry(Scalar key, Node value) {}
}
