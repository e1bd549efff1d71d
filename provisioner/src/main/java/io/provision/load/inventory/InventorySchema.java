package io.provision.load.inventory;

import io.provision.load.bind.MappingKey;
import io.provision.load.bind.RecordShape;
import io.provision.load.bind.Scalars;
import io.provision.load.inventory.Documents.InventoryDocument;
import io.provision.load.inventory.Grammar.DistributionName;
import io.provision.load.inventory.Grammar.GroupName;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.model.Secret;
import io.provision.model.SshKey;
import io.provision.section.Areas;
import io.provision.section.Key;
import io.provision.section.SectionEntry;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The JSON Schema (2020-12) of an inventory, for editors, made of the records that the loader
 * binds. It refuses what the loader refuses by its form, and cannot say what holds between two
 * keys, or what quotes mean.
 */
public final class InventorySchema {
  /** What YAML 1.1 takes for a boolean, and the loader too where it stands without quotes. */
  private static final String FLAG =
      "^([Tt]rue|TRUE|[Ff]alse|FALSE|[Yy]es|YES|[Nn]o|NO|[Oo]n|ON|[Oo]ff|OFF)$";

  private static final List<String> RESERVED =
      Stream.concat(Inventory.BUILT_IN_GROUPS.stream(), Stream.of("local")).toList();

  private final Map<String, Object> definitions = new TreeMap<>();

  private final Areas areas;

  private InventorySchema(Areas areas) {
    this.areas = areas;
  }

  /**
   * The schema as plain maps and lists, in a stable order.
   *
   * @param areas what areas have in an inventory
   */
  public static Map<String, Object> document(Areas areas) {
    var schema = new InventorySchema(areas);
    var root = new LinkedHashMap<String, Object>();
    root.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    root.put("title", "inventory of provision");
    root.putAll(schema.object(InventoryDocument.class));
    root.put("$defs", schema.definitions);
    return root;
  }

  private Map<String, Object> object(Class<?> type) {
    var keys = RecordShape.of(type, areas.sections()).keys();
    var properties = new LinkedHashMap<String, Object>();
    keys.forEach(key -> properties.put(key.name(), property(key)));
    var schema = new LinkedHashMap<String, Object>();
    schema.put("type", "object");
    schema.put("additionalProperties", false);
    var required = keys.stream().filter(MappingKey::isRequired).map(MappingKey::name).toList();
    if (!required.isEmpty()) {
      schema.put("required", required);
    }
    schema.put("properties", properties);
    return schema;
  }

  private Map<String, Object> property(MappingKey key) {
    var schema = new LinkedHashMap<String, Object>();
    key.annotation(Key.class)
        .map(Key::value)
        .or(() -> key.section().map(SectionEntry::doc))
        .ifPresent(it -> schema.put("description", it));
    var value = schema(key.type());
    schema.putAll(key.isRequired() ? value : orNothing(value));
    if (key.is(InventoryDocument.class, "hosts")) {
      schema.put("minProperties", 1);
    }
    return schema;
  }

  /** A key that may be left out may also stand there without a value. */
  private static Map<String, Object> orNothing(Map<String, Object> schema) {
    if (schema.isEmpty()) {
      return schema;
    }
    var with = new LinkedHashMap<>(schema);
    if (schema.get("type") instanceof String one) {
      with.put("type", List.of(one, "null"));
    } else if (schema.get("type") instanceof List<?> several) {
      with.put("type", and(several, "null"));
    } else if (schema.get("anyOf") instanceof List<?> several) {
      with.put("anyOf", and(several, ordered("type", "null")));
    } else if (schema.get("enum") instanceof List<?> words) {
      var all = new ArrayList<Object>(words);
      all.add(null);
      with.put("enum", all);
    } else {
      return ordered("anyOf", List.of(schema, ordered("type", "null")));
    }
    return with;
  }

  private static List<Object> and(List<?> some, Object one) {
    var all = new ArrayList<Object>(some);
    all.add(one);
    return all;
  }

  private Map<String, Object> schema(Type type) {
    if (type instanceof ParameterizedType generic) {
      var arguments = generic.getActualTypeArguments();
      if (generic.getRawType() == Map.class) {
        var value = schema(arguments[1]);
        return map((Class<?>) arguments[0], canBeNothing(arguments[1]) ? orNothing(value) : value);
      }
      var item = schema(arguments[0]);
      return generic.getRawType() == Optional.class
          ? item
          : ordered("anyOf", List.of(item, ordered("type", "array", "items", item)));
    }
    return plain((Class<?>) type);
  }

  /** A list, or a mapping in which nothing must be there, may be left empty behind its name. */
  private boolean canBeNothing(Type type) {
    return type instanceof ParameterizedType
        || type instanceof Class<?> plain
            && plain.isRecord()
            && !RecordShape.of(plain).isValue()
            && RecordShape.of(plain, areas.sections()).keys().stream()
                .noneMatch(MappingKey::isRequired);
  }

  private static Map<String, Object> map(Class<?> key, Map<String, Object> value) {
    var schema = ordered("type", "object", "additionalProperties", value);
    if (key != String.class) {
      var names = ordered("pattern", "^(" + TextForm.pattern(key) + ")$");
      if (key == HostName.class || key == GroupName.class) {
        names.put("not", ordered("enum", RESERVED));
      }
      schema.put("propertyNames", names);
    }
    return schema;
  }

  private Map<String, Object> plain(Class<?> type) {
    if (type == Object.class) {
      return Map.of();
    }
    if (type == DistributionName.class) {
      return ordered("enum", InventoryLoader.names(areas));
    }
    if (type == boolean.class) {
      return ordered("type", List.of("boolean", "string"), "pattern", FLAG);
    }
    if (type == Duration.class) {
      var some = "^(?!0+[a-z])(" + Scalars.DURATION.pattern() + ")$"; // nothing can be done in 0s
      return ordered("type", "string", "pattern", some);
    }
    if (type.isEnum()) {
      return ordered(
          "enum",
          Arrays.stream(type.getEnumConstants())
              .map(it -> RecordShape.name((Enum<?>) it))
              .toList());
    }
    return type == Path.class
            || type == Secret.class
            || type == SshKey.class
            || RecordShape.of(type).isValue()
        ? TextForm.schema(type)
        : reference(type);
  }

  private Map<String, Object> reference(Class<?> type) {
    var name = type.getSimpleName().replaceFirst("(Document|Section)$", "");
    if (definitions.putIfAbsent(name, Map.of()) == null) {
      definitions.put(name, object(type));
    }
    var whole = ordered("$ref", "#/$defs/" + name);
    return shorthand(type).map(it -> ordered("anyOf", List.of(whole, it))).orElse(whole);
  }

  /** A record of one key can be written as just its value, where that is no mapping. */
  private Optional<Map<String, Object>> shorthand(Class<?> type) {
    var keys = RecordShape.of(type, areas.sections()).keys();
    if (keys.size() != 1) {
      return Optional.empty();
    }
    var only = RecordShape.value(keys.getFirst().type());
    return only instanceof Class<?> plain && plain.isRecord() && !RecordShape.of(plain).isValue()
        ? shorthand(plain)
        : Optional.of(schema(only));
  }

  private static Map<String, Object> ordered(Object... pairs) {
    var map = new LinkedHashMap<String, Object>();
    for (var i = 0; i < pairs.length; i += 2) {
      map.put((String) pairs[i], pairs[i + 1]);
    }
    return map;
  }
}
