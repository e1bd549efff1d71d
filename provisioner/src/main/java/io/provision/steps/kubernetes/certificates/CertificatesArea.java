package io.provision.steps.kubernetes.certificates;

import io.provision.step.Area;
import io.provision.step.StepEntry;

/** What the catalog has of the certificates of nodes: one line a step. */
public final class CertificatesArea {
  public static final Area AREA =
      Area.of(
          new StepEntry(
              "kubelet-certificate",
              KubeletCertificate.class,
              "Refuses a node whose kubelet cannot log in any more, since its certificate has ended."),
          new StepEntry(
              "node-certificates",
              CertificatesStep.class,
              "Renews certificates of a node that end within 90 days, one node after another."));

  private CertificatesArea() {}
}
