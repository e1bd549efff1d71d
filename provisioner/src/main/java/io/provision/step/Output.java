package io.provision.step;

/**
 * Something one target's look tells others. Declared as a constant beside the step that sees it.
 *
 * @param shown whether people want to read it too, in a status
 */
public record Output<V>(String name, Class<V> type, boolean shown) {
  public Output(String name, Class<V> type) {
    this(name, type, false);
  }

  @Override
  public String toString() {
    return name;
  }
}
