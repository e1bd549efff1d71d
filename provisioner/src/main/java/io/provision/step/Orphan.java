package io.provision.step;

import java.util.regex.Pattern;

/**
 * Something that the inventory no longer names and that is still there: {@code host/w3}, {@code
 * volume/old}.
 *
 * @param kind a word for what it is
 */
public record Orphan(String kind, String name) implements Comparable<Orphan> {
  private static final Pattern KIND = Pattern.compile("[a-z]+");

  public Orphan {
    if (!KIND.matcher(kind).matches() || name.isBlank()) {
      throw new IllegalArgumentException("'%s/%s' names nothing".formatted(kind, name));
    }
  }

  public static Orphan host(String name) {
    return new Orphan("host", name);
  }

  /** Whether an operator who says this word means it: its name, or its name after its kind. */
  public boolean isCalled(String word) {
    return word.equals(name) || word.equals(toString());
  }

  @Override
  public int compareTo(Orphan other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public String toString() {
    return kind + "/" + name;
  }
}
