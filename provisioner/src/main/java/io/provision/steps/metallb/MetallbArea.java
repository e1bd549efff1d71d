package io.provision.steps.metallb;

import io.provision.section.SectionEntry;
import io.provision.step.Area;
import io.provision.step.StepEntry;

/** What the catalog has of MetalLB: one line a step, one a section. */
public final class MetallbArea {
  public static final Area AREA =
      Area.of(
              new StepEntry(
                  "metallb-manifest",
                  MetallbManifest.class,
                  "Downloads, checks and pins the manifest of MetalLB on this machine."),
              new StepEntry("metallb", Metallb.class, "Runs MetalLB, as its publisher has it."),
              new StepEntry(
                  "metallb-addresses",
                  MetallbAddresses.class,
                  "Asks whether addresses of the pool are taken already; changes nothing."),
              new StepEntry(
                  "metallb-answers",
                  MetallbAnswers.class,
                  "Asks addresses of services from this machine; changes nothing."),
              new StepEntry(
                  "metallb-pools",
                  MetallbPools.class,
                  "Gives MetalLB the addresses of the inventory, announced in layer 2."))
          .with(
              new SectionEntry(
                  "cluster.load_balancer",
                  "metallb",
                  MetallbSection.class,
                  "MetalLB in layer 2 mode."));

  private MetallbArea() {}
}
