package io.provision.steps.kubernetes.apiserver;

import io.provision.section.SectionEntry;
import io.provision.step.Area;

/** What the catalog has of API servers: one line a section, which each distribution carries out. */
public final class ApiServerArea {
  public static final Area AREA =
      Area.of()
          .with(
              new SectionEntry(
                  "cluster",
                  EncryptionSection.KEY,
                  EncryptionSection.class,
                  "Secrets are encrypted in the datastore; an edit of it reaches a cluster that lives."),
              new SectionEntry(
                  "cluster",
                  "audit",
                  AuditSection.class,
                  "The API servers write down who asked for what, on each server in /var/log/kubernetes/audit."));

  private ApiServerArea() {}
}
