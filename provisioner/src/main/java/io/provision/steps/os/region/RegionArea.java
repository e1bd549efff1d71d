package io.provision.steps.os.region;

import io.provision.section.SectionEntry;
import io.provision.step.Area;
import io.provision.step.StepEntry;

/** What the catalog has of time zones and locales: one line a step, one a section. */
public final class RegionArea {
  private static final String ZONE =
      "The time zone of the hosts, by its name; left as it is where nothing is said.";
  private static final String LOCALE =
      "The locale of who logs in, in UTF-8; left as it is where nothing is said.";

  public static final Area AREA =
      Area.of(
              new StepEntry("timezone", Timezone.class, "Sets the time zone."),
              new StepEntry("locale", SystemLocale.class, "Makes and sets the locale."))
          .with(
              new SectionEntry(SectionEntry.TOP, "timezone", TimezoneSection.class, ZONE),
              new SectionEntry("hosts", "timezone", TimezoneSection.class, ZONE),
              new SectionEntry(SectionEntry.TOP, "locale", LocaleSection.class, LOCALE),
              new SectionEntry("hosts", "locale", LocaleSection.class, LOCALE));

  private RegionArea() {}
}
