package io.provision.local;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Maps, lists, strings, numbers and booleans as one line of JSON. Written with the generator alone:
 * data binding would cost every run twenty milliseconds for the few lines of a journal.
 */
final class JsonText {
  private static final JsonFactory JSON = new JsonFactory();

  private JsonText() {}

  static String of(Map<String, ?> object) {
    var text = new StringWriter();
    try (var json = JSON.createGenerator(text)) {
      write(json, object);
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
    return text.toString();
  }

  private static void write(JsonGenerator json, @Nullable Object value) throws IOException {
    if (value instanceof Map<?, ?> map) {
      json.writeStartObject();
      for (var entry : map.entrySet()) {
        json.writeFieldName(String.valueOf(entry.getKey()));
        write(json, entry.getValue());
      }
      json.writeEndObject();
    } else if (value instanceof Collection<?> many) {
      json.writeStartArray();
      for (var one : many) {
        write(json, one);
      }
      json.writeEndArray();
    } else {
      json.writePOJO(value);
    }
  }
}
