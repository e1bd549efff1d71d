package io.provision.load.inventory;

import io.provision.load.yaml.Problems;
import io.provision.model.Sections;
import io.provision.section.Outline;
import io.provision.section.Section;

/** What areas find wrong in their sections, each seen from where it stands. */
record SectionChecks(Draft draft, Problems problems) {
  void run() {
    var outline = draft.outline();
    all(draft.sections(), outline);
    for (var host : draft.hosts()) {
      all(host.document().sections(), outline.at(draft.outlined(host)));
    }
  }

  private void all(Sections sections, Outline outline) {
    sections.all(Section.class).forEach(it -> it.check(outline, problems));
  }
}
