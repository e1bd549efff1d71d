package io.provision.steps.os.region;

import io.provision.section.Findings;
import io.provision.section.Outline;
import io.provision.section.Source;
import io.provision.section.ValueSection;
import io.provision.section.ZoneName;
import java.util.Optional;

/** What the inventory says at {@code timezone}, for all hosts or one. */
record TimezoneSection(Source source, Optional<ZoneName> timezone) implements ValueSection {
  /** Every zone is one of any host. */
  @Override
  public void check(Outline outline, Findings findings) {}
}
