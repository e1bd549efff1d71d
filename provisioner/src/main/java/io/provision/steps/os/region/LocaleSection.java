package io.provision.steps.os.region;

import io.provision.section.Findings;
import io.provision.section.Outline;
import io.provision.section.Source;
import io.provision.section.ValueSection;
import java.util.Optional;

/** What the inventory says at {@code locale}, for all hosts or one. */
record LocaleSection(Source source, Optional<LocaleName> locale) implements ValueSection {
  /** Every locale is one of any host. */
  @Override
  public void check(Outline outline, Findings findings) {}
}
