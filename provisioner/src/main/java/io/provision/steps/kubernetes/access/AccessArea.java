package io.provision.steps.kubernetes.access;

import io.provision.section.SectionEntry;
import io.provision.step.Area;
import io.provision.step.StepEntry;

/** What the catalog has of users of a cluster: one line a step, one a section. */
public final class AccessArea {
  public static final Area AREA =
      Area.of(
              new StepEntry(
                  "user-kubeconfigs",
                  UserKubeconfigs.class,
                  "Gives users of control planes a kubeconfig that they alone can read."))
          .with(
              new SectionEntry(
                  "cluster",
                  KubeconfigUsersSection.KEY,
                  KubeconfigUsersSection.class,
                  "Users of the control planes who get an administrator's kubeconfig."));

  private AccessArea() {}
}
