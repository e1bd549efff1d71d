package io.provision.steps.kubeadm;

import io.provision.section.SectionEntry;
import io.provision.step.Area;
import io.provision.step.StepEntry;
import io.provision.steps.kubeadm.names.KubeadmEndpoint;
import io.provision.steps.kubeadm.packages.PackagesSection;
import io.provision.steps.kubeadm.runtime.ContainerRuntime;
import io.provision.steps.kubeadm.runtime.KubeadmRegistries;
import io.provision.steps.kubeadm.runtime.RuntimePackages;
import io.provision.steps.kubeadm.runtime.RuntimeSection;

/** What the catalog has of kubeadm: one line a step, one a section. */
public final class KubeadmArea {
  public static final Area AREA =
      Area.of(
              new StepEntry(
                  "container-runtime",
                  ContainerRuntime.class,
                  "Configures and runs containerd; restarts when its files change."),
              new StepEntry(
                  "kubeadm-adoption",
                  KubeadmAdoption.class,
                  "Tells of a node that somebody else made by kubeadm how it is taken over, or why not."),
              new StepEntry(
                  "kubeadm-artifacts",
                  KubeadmArtifacts.class,
                  "Checks and pins the programs of Kubernetes and images on this machine."),
              new StepEntry(
                  "kubeadm-config",
                  KubeadmConfig.class,
                  "Writes the configuration that kubeadm is called with."),
              new StepEntry(
                  "kubeadm-control-plane",
                  KubeadmControlPlane.class,
                  "Begins the cluster, and waits until its API server answers."),
              new StepEntry(
                  "kubeadm-endpoint",
                  KubeadmEndpoint.class,
                  "Lists the name of the API in /etc/hosts, where the inventory gives none."),
              new StepEntry(
                  "kubeadm-programs",
                  KubeadmPrograms.class,
                  "Installs kubeadm, kubelet and kubectl of the declared version."),
              new StepEntry(
                  "kubeadm-registries",
                  KubeadmRegistries.class,
                  "Configures mirrors of image registries, and whom they are trusted by."),
              new StepEntry(
                  "kubeadm-settings",
                  KubeadmSettings.class,
                  "Gives a node that lives other settings, one after another; restarts what reads them."),
              new StepEntry(
                  "kubeadm-state",
                  KubeadmState.class,
                  "Reads what kubeadm has made of the host; changes nothing."),
              new StepEntry(
                  "kubeadm-certificate",
                  KubeadmCertificate.class,
                  "Has the API server's certificate name all that the inventory names."),
              new StepEntry(
                  "kubeadm-upgrade",
                  KubeadmUpgrade.class,
                  "Upgrades an older node, one after another: control plane, drain, kubelet."),
              new StepEntry(
                  "kubeadm-worker", KubeadmWorker.class, "Joins the host to the cluster."),
              new StepEntry(
                  "runtime-packages",
                  RuntimePackages.class,
                  "Installs containerd and CNI plugins of the system, unless others are declared."),
              new StepEntry(
                  "kubelet", Kubelet.class, "Runs the kubelet; restarts when its files change."))
          .with(
              new SectionEntry(
                  "cluster",
                  "container_runtime",
                  RuntimeSection.class,
                  "containerd, runc and CNI plugins as published, in place of the system's."),
              new SectionEntry(
                  "cluster",
                  "ignore_preflight",
                  IgnorePreflightSection.class,
                  "Names of preflight checks that may fail."),
              new SectionEntry(
                  "cluster",
                  "packages",
                  PackagesSection.class,
                  "kubeadm, kubelet and kubectl as packages of their publisher's apt repository."));

  private KubeadmArea() {}
}
