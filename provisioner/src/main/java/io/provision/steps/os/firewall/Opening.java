package io.provision.steps.os.firewall;

/**
 * Something that a firewall lets in.
 *
 * @param port as {@code 6443/tcp} or {@code 49152:60999/tcp}; {@link #ANY} for all there are
 * @param from an address or a network; {@link #ANY} for everybody
 */
record Opening(String port, String from) implements Comparable<Opening> {
  static final String ANY = "any";

  Opening {
    // a network of one address is that address, whoever writes it
    from = from.replaceFirst(from.contains(":") ? "/128$" : "/32$", "");
  }

  static Opening toAll(String port) {
    return new Opening(port, ANY);
  }

  boolean isToAll() {
    return from.equals(ANY);
  }

  @Override
  public int compareTo(Opening other) {
    var byPort = port.compareTo(other.port);
    return byPort != 0 ? byPort : from.compareTo(other.from);
  }

  @Override
  public String toString() {
    return "%s from %s"
        .formatted(port.equals(ANY) ? "everything" : port, isToAll() ? "everybody" : from);
  }
}
