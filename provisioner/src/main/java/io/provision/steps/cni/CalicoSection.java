package io.provision.steps.cni;

import io.provision.model.Version;
import io.provision.section.Findings;
import io.provision.section.Key;
import io.provision.section.Outline;
import io.provision.section.Section;
import io.provision.section.Source;
import java.util.Optional;

/** What the inventory says below {@code cluster.network.calico}. */
public record CalicoSection(
    Source source,
    @Key(value = "The version of Calico.", usual = "v3.32.1", example = "v3.32.1")
        Optional<Version> version,
    @Key(
            value =
                "The largest packet of a pod: at least 50 bytes less than the nodes' network carries, for VXLAN.",
            usual = "what Calico finds on the nodes",
            example = "1450")
        Optional<PacketSize> mtu)
    implements Section {

  /** https://docs.tigera.io/calico/3.30/release-notes/: definitions in a file of their own. */
  private static final Version FIRST_WITH_DEFINITIONS = new Version(3, 30, 0, "");

  @Override
  public CalicoSettings settled() {
    return new CalicoSettings(
        version.orElse(CalicoSettings.USUAL.version()), mtu.map(PacketSize::value));
  }

  @Override
  public void check(Outline outline, Findings findings) {
    version
        .filter(it -> it.compareTo(FIRST_WITH_DEFINITIONS) < 0)
        .ifPresent(it ->
            findings.add(
                source.at("version"),
                "Calico %s has its definitions in the manifest of its operator, which nothing here reads. take %s or later."
                    .formatted(it, FIRST_WITH_DEFINITIONS)));
  }
}
