package io.provision.steps.metallb;

import io.provision.model.Position;
import io.provision.model.Version;
import io.provision.section.Findings;
import io.provision.section.Key;
import io.provision.section.Outline;
import io.provision.section.Section;
import io.provision.section.Source;
import java.util.List;
import java.util.Optional;

/** What the inventory says below {@code cluster.load_balancer.metallb}. */
public record MetallbSection(
    Source source,
    @Key("Ranges to hand out: first-last or CIDR.") Optional<List<AddressRange>> addresses,
    @Key(value = "The version of MetalLB.", usual = "v0.16.1", example = "v0.16.1")
        Optional<Version> version)
    implements Section {
  static final List<String> REQUIRED = List.of("addresses");

  private static final int MOST_POOLS = 256;

  /** https://metallb.io/release-notes/#version-0-13-2: pools are objects of their own. */
  private static final Version FIRST_WITH_POOLS = new Version(0, 13, 2, "");

  @Override
  public MetallbSettings settled() {
    return new MetallbSettings(
        version.orElse(MetallbSettings.USUAL_VERSION),
        addresses.orElse(List.of()).stream().map(AddressRange::text).toList());
  }

  @Override
  public void check(Outline outline, Findings findings) {
    version
        .filter(it -> it.compareTo(FIRST_WITH_POOLS) < 0)
        .ifPresent(it ->
            findings.add(
                source.at("version"),
                "MetalLB %s takes its addresses from a ConfigMap, which nothing writes. take %s or later."
                    .formatted(it, FIRST_WITH_POOLS)));
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
    outline
        .nodes()
        .filter(nodes -> !pool.isInside(nodes))
        .ifPresent(nodes ->
            findings.warn(
                at,
                "%s is not all inside node_cidr %s: MetalLB answers for its addresses on the network of the nodes, so that whoever else is to reach them needs a router that sends them there."
                    .formatted(pool, nodes)));
  }
}
