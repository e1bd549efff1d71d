package io.provision.kube;

import java.util.List;

/**
 * Which addresses of services answer from this machine. No record, so that its text is its own: it
 * changes by itself, and no plan may rest on it.
 */
public final class Reaches {
  private final List<Reach> all;
  private final String unheard;

  /**
   * A service with an address.
   *
   * @param service {@code namespace/name}
   * @param address empty where it has none yet
   * @param why it does not answer; empty where it does
   */
  public record Reach(String service, String address, int port, String why) {}

  private Reaches(List<Reach> all, String unheard) {
    this.all = List.copyOf(all);
    this.unheard = unheard;
  }

  public static Reaches of(List<Reach> all) {
    return new Reaches(all, "");
  }

  /** The API did not say which services there are. */
  public static Reaches unheard(String why) {
    return new Reaches(List.of(), why);
  }

  public List<Reach> all() {
    return all;
  }

  /** Why nobody knows; empty where the API answered. */
  public String unheard() {
    return unheard;
  }

  @Override
  public String toString() {
    return "";
  }
}
