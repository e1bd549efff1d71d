package io.provision.load.inventory;

import io.provision.load.yaml.Problems;
import io.provision.model.HostName;
import io.provision.model.Sections;
import io.provision.section.Outline;
import io.provision.section.Section;
import java.util.HashMap;

/** What areas find wrong in their sections, each seen from where it stands. */
record SectionChecks(Draft draft, Problems problems) {
  void run() {
    var outline = draft.outline();
    all(draft.document().sections(), outline);
    all(draft.sections(), outline);
    for (var host : draft.hosts()) {
      all(host.document().sections(), outline.at(draft.outlined(host)));
    }
    soles();
  }

  private void soles() {
    var seen = new HashMap<Object, HostName>();
    for (var host : draft.hosts()) {
      for (var section : host.document().sections().all(Section.class)) {
        for (var sole : section.soles()) {
          var other = seen.putIfAbsent(sole.identity(), host.name());
          if (other != null && !other.equals(host.name())) {
            problems.add(
                sole.at(),
                "%s and %s have the same %s. %s"
                    .formatted(other, host.name(), sole.what(), sole.remedy()));
          }
        }
      }
    }
  }

  private void all(Sections sections, Outline outline) {
    sections.all(Section.class).forEach(it -> it.check(outline, problems));
  }
}
