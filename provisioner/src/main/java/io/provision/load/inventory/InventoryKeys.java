package io.provision.load.inventory;

import io.provision.load.bind.RecordShape;
import io.provision.load.inventory.Documents.InventoryDocument;
import io.provision.load.inventory.Grammar.DistributionName;
import io.provision.section.Areas;
import io.provision.section.Key;
import io.provision.section.SectionEntry;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The keys of an inventory as {@code explain} names them: {@code cluster.network.cni}. */
public final class InventoryKeys {

  /**
   * One key.
   *
   * @param path with {@code NAME} where a host, a group or the like has its name
   * @param type in words
   * @param usual what holds where it is left out; empty where nothing does
   * @param below the keys below it, if any
   * @param example as it is written, with all that is above it
   */
  public record Help(
      String path,
      String type,
      boolean required,
      String usual,
      String meaning,
      List<String> below,
      String example) {
    public Help {
      below = List.copyOf(below);
    }
  }

  /** Stands for a name that the operator chooses. */
  static final String NAME = "NAME";

  private final Areas areas;

  /**
   * @param areas what areas have in an inventory
   */
  public InventoryKeys(Areas areas) {
    this.areas = areas;
  }

  /** All, each after the one it is below. */
  public List<Help> all() {
    var found = new ArrayList<Help>();
    add(InventoryDocument.class, "", found);
    return found;
  }

  /** The key that was typed; a name that the operator chose may stand in it. */
  public Optional<Help> find(String typed) {
    return all().stream().filter(help -> fits(help.path(), typed)).findFirst();
  }

  private static boolean fits(String path, String typed) {
    var parts = path.split("\\.", -1);
    var words = typed.split("\\.", -1);
    if (parts.length != words.length) {
      return false;
    }
    for (var i = 0; i < parts.length; i++) {
      if (!parts[i].equals(NAME) && !parts[i].equals(words[i])) {
        return false;
      }
    }
    return true;
  }

  private void add(Class<?> type, String above, List<Help> found) {
    for (var each : RecordShape.of(type, areas.sections()).keys()) {
      var path = above + each.name();
      var below = below(each.type());
      var key = each.annotation(Key.class);
      var meaning = key.map(Key::value).or(() -> each.section().map(SectionEntry::doc)).orElse("");
      found.add(
          new Help(
              path,
              words(each.type()),
              each.isRequired(),
              key.map(Key::usual).orElse(""),
              meaning,
              below.map(it -> names(it.type())).orElse(List.of()),
              example(path, TypeWords.sample(each))));
      below.ifPresent(it -> {
        if (!it.name().isEmpty()) {
          found.add(one(path + it.name(), it.type()));
        }
        add(it.type(), path + it.name() + ".", found);
      });
    }
  }

  private String words(Type type) {
    return RecordShape.value(type) == DistributionName.class
        ? String.join("|", InventoryLoader.names(areas))
        : TypeWords.of(type);
  }

  private List<String> names(Class<?> type) {
    return RecordShape.of(type, areas.sections()).names();
  }

  /** What stands behind a name that the operator chose. */
  private Help one(String path, Class<?> type) {
    return new Help(
        path,
        "mapping",
        false,
        "",
        "One of them, by its name.",
        names(type),
        example(path, TypeWords.sample(type)));
  }

  /** The record whose keys stand below, and whether a name stands between. */
  private record Below(Class<?> type, String name) {}

  private static Optional<Below> below(Type type) {
    if (type instanceof ParameterizedType generic) {
      var of = generic.getActualTypeArguments();
      var inner = below(of[of.length - 1]);
      return generic.getRawType() == Map.class
          ? inner.map(it -> new Below(it.type(), "." + NAME))
          : inner;
    }
    var plain = (Class<?>) type;
    return plain.isRecord() && !RecordShape.of(plain).isValue()
        ? Optional.of(new Below(plain, ""))
        : Optional.empty();
  }

  /** As it is written, with all that is above it. */
  private static String example(String path, String sample) {
    var lines = new ArrayList<String>();
    var parts = path.split("\\.", -1);
    for (var i = 0; i < parts.length; i++) {
      var name = parts[i].equals(NAME) ? "w1" : parts[i];
      var value = i < parts.length - 1 ? "" : " " + sample;
      lines.add("  ".repeat(i) + name + ":" + value);
    }
    return String.join("\n", lines);
  }
}
