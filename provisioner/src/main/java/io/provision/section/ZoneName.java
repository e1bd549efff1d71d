package io.provision.section;

import java.time.ZoneId;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A time zone by its name: an offset knows nothing of summer, and systemd takes none.
 *
 * @see <a href="https://www.iana.org/time-zones">the names</a>
 */
@Text(kind = "time zone such as Europe/Berlin, or UTC", sample = "Europe/Berlin")
public record ZoneName(String value) {
  /** Those of an area and a city; of the names of old not every system has all. */
  static final Pattern GRAMMAR =
      Pattern.compile(
          "UTC|(Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Etc|Europe|Indian|Pacific)"
              + "/[A-Za-z0-9_+/-]{1,50}");

  public ZoneName {
    var _ = known(value);
    if (!GRAMMAR.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "'%s' is a name of old, which not every system has. write an area and a city, such as Europe/Berlin, or UTC."
              .formatted(value));
    }
  }

  /**
   * The zone of this name, also of an old one.
   *
   * @throws IllegalArgumentException where there is none
   */
  public static ZoneId known(String name) {
    if (!ZoneId.getAvailableZoneIds().contains(name)) {
      throw new IllegalArgumentException(
          "there is no time zone '%s'. write its name, such as Europe/Berlin, or UTC.%s"
              .formatted(name, near(name).map(" did you mean '%s'?"::formatted).orElse("")));
    }
    return ZoneId.of(name);
  }

  /** The one that was probably meant; also where only the city was written. */
  private static Optional<String> near(String name) {
    var known = ZoneId.getAvailableZoneIds();
    return known.stream()
        .filter(it -> it.toLowerCase(Locale.ROOT).endsWith("/" + name.toLowerCase(Locale.ROOT)))
        .min(Comparator.naturalOrder())
        .or(() -> DidYouMean.nearest(name, known));
  }

  @Override
  public String toString() {
    return value;
  }
}
