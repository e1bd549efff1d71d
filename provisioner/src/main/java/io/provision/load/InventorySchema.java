package io.provision.load;

import io.provision.load.Documents.InventoryDocument;
import io.provision.load.Grammar.BrickCount;
import io.provision.load.Grammar.LabelKey;
import io.provision.load.Grammar.LabelValue;
import io.provision.load.Grammar.Port;
import io.provision.model.Cidr;
import io.provision.model.HostName;
import io.provision.model.NodeAddress;
import io.provision.model.Secret;
import io.provision.model.SshAddress;
import io.provision.model.Taint;
import io.provision.model.Version;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The JSON Schema (2020-12) of an inventory, for editors, made of the records that the loader
 * binds. It is somewhat stricter than the loader (no quoted numbers), and cannot say what holds
 * between two keys.
 */
public final class InventorySchema {
  private static final String IP = "[0-9a-fA-F:.]+";

  /** The grammars of the model's types, which check more than a pattern can say. */
  private static final Map<Class<?>, String> PATTERNS =
      Map.of(
          HostName.class, "[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?",
          SshAddress.class, "[A-Za-z0-9_.:%][A-Za-z0-9_.:%-]{0,252}",
          NodeAddress.class, IP,
          Cidr.class, IP + "/[0-9]{1,3}",
          Version.class, "v?[0-9]{1,4}\\.[0-9]{1,4}\\.[0-9]{1,4}([+-][0-9A-Za-z.+-]{1,60})?",
          Taint.class, "[^=:]{1,317}(=[^=:]{0,63})?:(NoSchedule|PreferNoSchedule|NoExecute)",
          AddressRange.class, IP + "( *- *" + IP + "|/[0-9]{1,3})",
          LabelKey.class,
              "([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?",
          LabelValue.class, "([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?",
          OptionValue.class, "[^-].{0,511}");

  private final Map<String, Object> definitions = new TreeMap<>();

  private InventorySchema() {}

  /** The schema as plain maps and lists, in a stable order. */
  public static Map<String, Object> document() {
    var schema = new InventorySchema();
    var root = new LinkedHashMap<String, Object>();
    root.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    root.put("title", "inventory of provision");
    root.putAll(schema.object(InventoryDocument.class));
    root.put("$defs", schema.definitions);
    return root;
  }

  private Map<String, Object> object(Class<?> type) {
    var shape = RecordShape.of(type);
    var properties = new LinkedHashMap<String, Object>();
    for (var component : shape.keys()) {
      properties.put(RecordShape.key(component), property(component));
    }
    var schema = new LinkedHashMap<String, Object>();
    schema.put("type", "object");
    schema.put("additionalProperties", false);
    var required = shape.keys().stream().filter(shape::isRequired).map(RecordShape::key).toList();
    if (!required.isEmpty()) {
      schema.put("required", required);
    }
    schema.put("properties", properties);
    return schema;
  }

  private Map<String, Object> property(RecordComponent component) {
    var key = Optional.ofNullable(component.getAnnotation(Key.class));
    var schema = new LinkedHashMap<String, Object>();
    key.ifPresent(it -> schema.put("description", it.value()));
    schema.putAll(schema(component.getGenericType()));
    if (Unbuilt.KEYS
        .getOrDefault(component.getDeclaringRecord(), java.util.Set.of())
        .contains(RecordShape.key(component))) {
      schema.put("not", Map.of()); // no value is right while nothing carries it out
    }
    return schema;
  }

  private Map<String, Object> schema(Type type) {
    if (type instanceof ParameterizedType generic) {
      var arguments = generic.getActualTypeArguments();
      if (generic.getRawType() == Map.class) {
        return map((Class<?>) arguments[0], schema(arguments[1]));
      }
      var item = schema(arguments[0]);
      return generic.getRawType() == Optional.class
          ? item
          : Map.of("anyOf", List.of(item, ordered("type", "array", "items", item)));
    }
    return plain((Class<?>) type);
  }

  private static Map<String, Object> map(Class<?> key, Map<String, Object> value) {
    var schema = ordered("type", "object", "additionalProperties", value);
    if (key != String.class) {
      schema.put("propertyNames", ordered("pattern", pattern(key)));
    }
    return schema;
  }

  private Map<String, Object> plain(Class<?> type) {
    if (type == Object.class) {
      return Map.of();
    }
    if (type == boolean.class) {
      return ordered("type", "boolean");
    }
    if (type == Port.class) {
      return ordered("type", "integer", "minimum", Port.MIN, "maximum", Port.MAX);
    }
    if (type == BrickCount.class) {
      return ordered("type", "integer", "minimum", BrickCount.MIN, "maximum", BrickCount.MAX);
    }
    if (type == String.class || type == Path.class || type == Secret.class) {
      return ordered("type", "string");
    }
    if (type == Duration.class) {
      return ordered("type", "string", "pattern", "^(" + Words.DURATION.pattern() + ")$");
    }
    if (type.isEnum()) {
      return ordered(
          "enum",
          Arrays.stream(type.getEnumConstants())
              .filter(it -> !Unbuilt.WORDS.contains((Enum<?>) it))
              .map(it -> RecordShape.name((Enum<?>) it))
              .toList());
    }
    return RecordShape.of(type).isValue() ? text(type) : reference(type);
  }

  private static Map<String, Object> text(Class<?> type) {
    Object kinds = "string";
    if (type == Grammar.OpenPort.class) {
      kinds = List.of("string", "integer");
    } else if (type == LabelValue.class) {
      kinds = List.of("string", "number");
    } else if (type == OptionValue.class) {
      kinds = List.of("string", "number", "boolean");
    }
    return ordered("type", kinds, "pattern", pattern(type));
  }

  private static String pattern(Class<?> type) {
    var known = PATTERNS.get(type);
    return "^(" + (known == null ? grammar(type) : known) + ")$";
  }

  private static String grammar(Class<?> type) {
    try {
      return ((Pattern) type.getDeclaredField("GRAMMAR").get(null)).pattern();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no grammar of " + type, e);
    }
  }

  private Map<String, Object> reference(Class<?> type) {
    var name = type.getSimpleName().replace("Document", "");
    if (definitions.putIfAbsent(name, Map.of()) == null) {
      definitions.put(name, object(type));
    }
    return ordered("$ref", "#/$defs/" + name);
  }

  private static Map<String, Object> ordered(Object... pairs) {
    var map = new LinkedHashMap<String, Object>();
    for (var i = 0; i < pairs.length; i += 2) {
      map.put((String) pairs[i], pairs[i + 1]);
    }
    return map;
  }
}
