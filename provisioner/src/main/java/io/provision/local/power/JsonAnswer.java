package io.provision.local.power;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An object of JSON that somebody answered: what has another shape than expected is not there. */
record JsonAnswer(Map<String, Object> fields) {
  private static final JsonFactory JSON = new JsonFactory();

  /** Empty where it is no object. */
  static Optional<JsonAnswer> of(byte[] text) {
    try (var parser = JSON.createParser(text)) {
      return parser.nextToken() == JsonToken.START_OBJECT
          ? Optional.of(new JsonAnswer(object(parser)))
          : Optional.empty();
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  private static Map<String, Object> object(JsonParser parser) throws IOException {
    var fields = new LinkedHashMap<String, Object>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      var name = parser.currentName();
      var value = value(parser, parser.nextToken());
      if (value != null) {
        fields.put(name, value);
      }
    }
    return fields;
  }

  private static @Nullable Object value(JsonParser parser, @Nullable JsonToken token)
      throws IOException {
    if (token == JsonToken.START_OBJECT) {
      return object(parser);
    }
    if (token == JsonToken.START_ARRAY) {
      var items = new ArrayList<Object>();
      for (var next = parser.nextToken();
          next != JsonToken.END_ARRAY && next != null;
          next = parser.nextToken()) {
        var item = value(parser, next);
        if (item != null) {
          items.add(item);
        }
      }
      return items;
    }
    return token == JsonToken.VALUE_NULL ? null : parser.getText();
  }

  JsonAnswer object(String name) {
    return of(fields.get(name));
  }

  private static JsonAnswer of(@Nullable Object value) {
    var fields = new LinkedHashMap<String, Object>();
    if (value instanceof Map<?, ?> map) {
      map.forEach((key, each) -> fields.put(String.valueOf(key), Objects.requireNonNull(each)));
    }
    return new JsonAnswer(fields);
  }

  Optional<String> text(String name) {
    return fields.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
  }

  List<String> texts(String name) {
    return items(name).stream().filter(String.class::isInstance).map(String.class::cast).toList();
  }

  List<JsonAnswer> objects(String name) {
    return items(name).stream().filter(Map.class::isInstance).map(JsonAnswer::of).toList();
  }

  private List<?> items(String name) {
    return fields.get(name) instanceof List<?> items ? items : List.of();
  }
}
