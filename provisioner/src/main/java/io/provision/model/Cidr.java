package io.provision.model;

import java.net.InetAddress;
import java.util.Arrays;

/**
 * A range of addresses such as {@code 10.42.0.0/16} or {@code fd00::/56}, with no host bits set.
 */
public record Cidr(NodeAddress network, int prefix) {
  public Cidr {
    var bits = network.inet().getAddress().length * 8;
    if (prefix < 0 || prefix > bits) {
      throw new IllegalArgumentException(
          "prefix /%d is not between 0 and %d".formatted(prefix, bits));
    }
    var masked = mask(network.inet().getAddress(), prefix);
    if (!Arrays.equals(masked, network.inet().getAddress())) {
      throw new IllegalArgumentException(
          "%s/%d has host bits set; the network is %s/%d"
              .formatted(network, prefix, NodeAddress.of(masked), prefix));
    }
  }

  /** Reads {@code address/prefix}; never asks a name server. */
  public static Cidr parse(String text) {
    var slash = text.indexOf('/');
    if (slash < 0 || !text.substring(slash + 1).matches("\\d{1,3}")) {
      throw new IllegalArgumentException("'%s' is not a CIDR such as 10.42.0.0/16".formatted(text));
    }
    return new Cidr(
        NodeAddress.parse(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
  }

  /** The range of this size that the address is in. */
  public static Cidr around(NodeAddress address, int prefix) {
    return new Cidr(NodeAddress.of(mask(address.inet().getAddress(), prefix)), prefix);
  }

  public boolean contains(NodeAddress address) {
    var bytes = address.inet().getAddress();
    return bytes.length == network.inet().getAddress().length
        && Arrays.equals(mask(bytes, prefix), network.inet().getAddress());
  }

  /** Whether all of the other is inside this one. */
  public boolean holds(Cidr other) {
    return prefix <= other.prefix && contains(other.network);
  }

  public boolean overlaps(Cidr other) {
    return holds(other) || other.holds(this);
  }

  /** The address with this offset inside the range, for example the first service address. */
  public InetAddress at(int offset) {
    var bytes = network.inet().getAddress();
    var carry = offset;
    for (var i = bytes.length - 1; i >= 0 && carry > 0; i--) {
      carry += bytes[i] & 0xff;
      bytes[i] = (byte) carry;
      carry >>= 8;
    }
    return NodeAddress.of(bytes).inet();
  }

  private static byte[] mask(byte[] address, int prefix) {
    var masked = address.clone();
    for (var i = 0; i < masked.length; i++) {
      var keep = Math.clamp(prefix - i * 8L, 0, 8);
      masked[i] &= (byte) (0xff << (8 - keep));
    }
    return masked;
  }

  @Override
  public String toString() {
    return network + "/" + prefix;
  }
}
