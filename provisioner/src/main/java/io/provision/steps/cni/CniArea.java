package io.provision.steps.cni;

import io.provision.section.SectionEntry;
import io.provision.step.Area;
import io.provision.step.StepEntry;

/** What the catalog has of the networks of pods: one line a step, one a section. */
public final class CniArea {
  public static final Area AREA =
      Area.of(
              new StepEntry(
                  "calico",
                  CalicoNetwork.class,
                  "Has Calico make the network of pods, and waits until it is there."),
              new StepEntry(
                  "calico-manifest",
                  CalicoManifest.class,
                  "Downloads, checks and pins the manifests of Calico on this machine."),
              new StepEntry(
                  "calico-operator",
                  CalicoOperator.class,
                  "Runs Calico's operator, as it is published."),
              new StepEntry(
                  "flannel", Flannel.class, "Applies the network of pods to the cluster."),
              new StepEntry(
                  "flannel-manifest",
                  FlannelManifest.class,
                  "Pins flannel's manifest on this machine."),
              new StepEntry(
                  "pod-mtu",
                  PodMtu.class,
                  "Checks that packets of pods fit through the nodes' interface; changes nothing."),
              new StepEntry(
                  "pod-routes",
                  PodRoutes.class,
                  "Waits until every node reaches every other one over the network of pods."))
          .with(
              new SectionEntry(
                  "cluster.network", "calico", CalicoSection.class, "Calico, where cni names it."));

  private CniArea() {}
}
