package io.provision.steps.metallb;

import io.provision.model.Cidr;
import io.provision.model.NodeAddress;
import io.provision.section.IpForm;
import io.provision.section.Text;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.stream.Stream;

/**
 * Addresses that MetalLB hands out: {@code first-last} or CIDR.
 *
 * @param text as it was written
 */
@Text(kind = "range: first-last or CIDR", sample = "192.168.56.240-192.168.56.250")
record AddressRange(String text, NodeAddress first, NodeAddress last) {
  /** All that a schema can say: not the order of the two addresses. */
  static final String FORM =
      " *("
          + (IpForm.V4 + " *- *" + IpForm.V4)
          + "|"
          + (IpForm.V6 + " *- *" + IpForm.V6)
          + "|"
          + (IpForm.V4 + " */ *0*([12]?\\d|3[0-2])")
          + "|"
          + (IpForm.V6 + " */ *0*(\\d\\d?|1[01]\\d|12[0-8])")
          + ") *";

  AddressRange {
    if (first.isIpv6() != last.isIpv6()) {
      throw new IllegalArgumentException("'%s' mixes IPv4 and IPv6".formatted(text));
    }
    if (number(first).compareTo(number(last)) > 0) {
      throw new IllegalArgumentException(
          "'%s' ends before it starts. swap the two addresses".formatted(text));
    }
  }

  static AddressRange parse(String text) {
    var compact = text.replace(" ", "");
    if (compact.matches("[0-9a-fA-F:.]+/.*")) {
      return of(compact, Cidr.parse(compact));
    }
    var dash = compact.indexOf('-');
    if (dash < 0) {
      throw new IllegalArgumentException(
          "'%s' is not a range such as 192.168.56.240-192.168.56.250 or 192.168.56.240/28"
              .formatted(text));
    }
    return new AddressRange(
        compact,
        NodeAddress.parse(compact.substring(0, dash)),
        NodeAddress.parse(compact.substring(dash + 1)));
  }

  static AddressRange of(String text, Cidr cidr) {
    var bytes = cidr.network().inet().getAddress();
    for (var bit = cidr.prefix(); bit < bytes.length * 8; bit++) {
      bytes[bit / 8] |= (byte) (0x80 >> bit % 8);
    }
    try {
      var last = InetAddress.getByAddress(bytes);
      return new AddressRange(text, cidr.network(), new NodeAddress(last));
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Its addresses, the first of them first; there can be more than anybody wants. */
  Stream<NodeAddress> addresses() {
    return Stream.iterate(
            number(first), it -> it.compareTo(number(last)) <= 0, it -> it.add(BigInteger.ONE))
        .map(this::address);
  }

  private NodeAddress address(BigInteger number) {
    var bytes = number.toByteArray();
    var padded = new byte[first.inet().getAddress().length];
    var most = Math.min(bytes.length, padded.length);
    System.arraycopy(bytes, bytes.length - most, padded, padded.length - most, most);
    try {
      return new NodeAddress(InetAddress.getByAddress(padded));
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  boolean contains(NodeAddress address) {
    return address.isIpv6() == first.isIpv6()
        && number(first).compareTo(number(address)) <= 0
        && number(address).compareTo(number(last)) <= 0;
  }

  boolean isInside(Cidr cidr) {
    return cidr.contains(first) && cidr.contains(last);
  }

  boolean overlaps(AddressRange other) {
    return contains(other.first) || other.contains(first);
  }

  boolean overlaps(Cidr cidr) {
    return overlaps(of("", cidr));
  }

  private static BigInteger number(NodeAddress address) {
    return new BigInteger(1, address.inet().getAddress());
  }

  @Override
  public String toString() {
    return text;
  }
}
