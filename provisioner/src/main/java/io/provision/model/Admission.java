package io.provision.model;

import java.util.List;

/**
 * What people reach through an active firewall, besides SSH.
 *
 * @param from networks from which the API and these ports are reached; empty for everywhere
 * @param ports such as {@code 30080/tcp} or {@code 30000:32767/udp}
 */
public record Admission(List<Cidr> from, List<String> ports) {
  public static final Admission USUAL = new Admission(List.of(), List.of());

  public Admission {
    from = List.copyOf(from);
    ports = List.copyOf(ports);
  }
}
