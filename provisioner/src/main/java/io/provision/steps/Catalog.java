package io.provision.steps;

import java.util.Map;
import java.util.TreeMap;

public final class Catalog {
  private Catalog() {}

  public record Entry(Class<? extends Record> type, String doc) {}

  public static Map<String, Entry> entries() {
    return Map.of();
  }

  public static Map<String, Class<? extends Record>> types() {
    var types = new TreeMap<String, Class<? extends Record>>();
    entries().forEach((name, entry) -> types.put(name, entry.type()));
    return types;
  }
}
