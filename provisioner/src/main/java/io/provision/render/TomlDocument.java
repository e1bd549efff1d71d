package io.provision.render;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import java.util.Map;

/** A text in TOML as plain data: maps, lists, strings, numbers, booleans. */
public final class TomlDocument {
  private TomlDocument() {}

  /**
   * The whole of it.
   *
   * @throws RenderException naming the line
   */
  public static Map<?, ?> of(String name, String text) {
    try {
      return new TomlMapper().readValue(text, Map.class);
    } catch (JsonProcessingException e) {
      throw new RenderException(
          "%s:%d: it is not valid TOML"
              .formatted(name, e.getLocation() == null ? 0 : e.getLocation().getLineNr()),
          e);
    }
  }
}
