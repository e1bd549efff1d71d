package io.provision.steps.metallb;

import io.provision.model.Position;
import io.provision.section.Findings;
import io.provision.section.Key;
import io.provision.section.NeedsPorts;
import io.provision.section.Outline;
import io.provision.section.Section;
import io.provision.section.Source;
import io.provision.steps.kubernetes.LoadBalancer;
import java.util.List;
import java.util.Optional;

/** What the inventory says below {@code cluster.load_balancer.metallb}. */
public record MetallbSection(
    Source source,
    @Key("Ranges to hand out: first-last or CIDR.") Optional<List<AddressRange>> addresses)
    implements Section, LoadBalancer, NeedsPorts {
  static final List<String> REQUIRED = List.of("addresses");

  private static final int MOST_POOLS = 256;

  /** The ranges as they were written. */
  List<String> ranges() {
    return addresses.orElse(List.of()).stream().map(AddressRange::text).toList();
  }

  /** By which speakers agree on who announces an address (metallb.io, installation). */
  @Override
  public List<String> portsOfNodes() {
    return List.of("7946/tcp", "7946/udp");
  }

  @Override
  public void check(Outline outline, Findings findings) {
    var pools = addresses.orElse(List.of());
    var positions = source.itemsAt("addresses");
    if (source.has("addresses") && positions.isEmpty()) {
      findings.add(
          source.at("addresses"),
          "there are no addresses. name a range, such as 192.168.56.240-192.168.56.250.");
    }
    if (pools.size() > MOST_POOLS) {
      findings.add(
          source.at("addresses"),
          "there are more than %d ranges. join them.".formatted(MOST_POOLS));
      return;
    }
    for (var i = 0; i < pools.size(); i++) {
      var at = positions.size() == pools.size() ? positions.get(i) : source.at("addresses");
      pool(pools.get(i), at, outline, findings);
      for (var j = 0; j < i; j++) {
        if (pools.get(i).overlaps(pools.get(j))) {
          findings.add(at, "%s and %s overlap.".formatted(pools.get(j), pools.get(i)));
        }
      }
    }
  }

  private static void pool(AddressRange pool, Position at, Outline outline, Findings findings) {
    for (var range : outline.inner()) {
      if (pool.overlaps(range.cidr())) {
        findings.add(at, "%s overlaps %s %s.".formatted(pool, range.key(), range.cidr()));
      }
    }
    for (var host : outline.hosts()) {
      host.address()
          .filter(pool::contains)
          .ifPresent(address ->
              findings.add(
                  at,
                  "%s contains %s, the address of host %s.".formatted(pool, address, host.name())));
    }
    outline
        .endpoint()
        .filter(pool::contains)
        .ifPresent(address ->
            findings.add(at, "%s contains %s, the endpoint of the API.".formatted(pool, address)));
  }
}
