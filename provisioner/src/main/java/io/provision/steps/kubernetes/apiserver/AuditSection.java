package io.provision.steps.kubernetes.apiserver;

import io.provision.section.Findings;
import io.provision.section.Key;
import io.provision.section.Outline;
import io.provision.section.Section;
import io.provision.section.Source;
import io.provision.steps.kubernetes.apiserver.AuditLimits.Backups;
import io.provision.steps.kubernetes.apiserver.AuditLimits.Days;
import io.provision.steps.kubernetes.apiserver.AuditLimits.Megabytes;
import java.util.Map;
import java.util.Optional;

/** What the inventory says below {@code cluster.audit}. */
public record AuditSection(
    Source source,
    @Key(
            value =
                "Rules in the words of audit.k8s.io/v1, the first that matches decides; only they are taken then.",
            usual =
                "who did what to which object, without what was in it; nothing of events, leases and health",
            example = "{ rules: [{ level: Metadata }] }")
        Optional<Map<String, Object>> policy,
    @Key(value = "After how many days a file of the log is deleted.", usual = "30")
        Optional<Days> maxAge,
    @Key(value = "How many full files of the log are kept.", usual = "10")
        Optional<Backups> maxBackups,
    @Key(value = "How large a file of the log becomes, in megabytes.", usual = "100")
        Optional<Megabytes> maxSize)
    implements Section {
  /** In megabytes: what /var is seldom larger than. */
  private static final long MUCH = 20_000;

  @Override
  public Audit settled() {
    return new Audit(
        policy.orElse(Map.of()),
        maxAge.map(Days::value).orElse(Audit.USUAL.maxAge()),
        maxBackups.map(Backups::value).orElse(Audit.USUAL.maxBackups()),
        maxSize.map(Megabytes::value).orElse(Audit.USUAL.maxSize()));
  }

  @Override
  public void check(Outline outline, Findings findings) {
    outline.onlyOfKubernetes("audit", source, findings);
    policy.ifPresent(it -> new AuditPolicy(it, source.at("policy"), findings).check());
    var audit = settled();
    var all = (audit.maxBackups() + 1L) * audit.maxSize();
    if (all > MUCH) {
      findings.warn(
          source.position(),
          "the log may take %d MB below /var/log on every server. take a smaller 'max_size' or 'max_backups' unless there is room for it."
              .formatted(all));
    }
  }
}
