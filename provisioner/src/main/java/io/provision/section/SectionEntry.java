package io.provision.section;

/**
 * A section's line in the catalog.
 *
 * @param place the key below which it stands, such as {@code cluster.storage}; {@code hosts} for
 *     what each host can have, {@link #TOP} for what holds for all hosts
 * @param key its own, such as {@code gluster}
 * @param type the record whose components are its keys, or whose one component is its value
 * @param doc one sentence for an operator: what the section is for
 * @param example a value as it is written; empty where one of its type will do
 */
public record SectionEntry(
    String place, String key, Class<? extends Record> type, String doc, String example) {
  /** Below no key: what stands there is every host's that says nothing of it itself. */
  public static final String TOP = "";

  public SectionEntry {
    if (!Section.class.isAssignableFrom(type)) {
      throw new IllegalStateException(type + " does not say what is wrong with it");
    }
  }

  /** With an example of its type. */
  public SectionEntry(String place, String key, Class<? extends Record> type, String doc) {
    this(place, key, type, doc, "");
  }
}
