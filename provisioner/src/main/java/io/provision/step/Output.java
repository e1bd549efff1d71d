package io.provision.step;

/**
 * Something one target's look tells others. Declared as a constant beside the step that sees it.
 */
public record Output<V>(String name, Class<V> type) {
  @Override
  public String toString() {
    return name;
  }
}
