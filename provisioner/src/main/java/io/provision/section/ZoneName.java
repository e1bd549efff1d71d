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
  static final Pattern GRAMMAR = Pattern.compile("[A-Za-z][A-Za-z0-9+_/-]{0,59}");

  public ZoneName {
    if (!isKnown(value)) {
      throw new IllegalArgumentException(
          "there is no time zone '%s'. write its name, such as Europe/Berlin, or UTC.%s"
              .formatted(value, near(value).map(" did you mean '%s'?"::formatted).orElse("")));
    }
  }

  public static boolean isKnown(String name) {
    return ZoneId.getAvailableZoneIds().contains(name);
  }

  /** The one that was probably meant; also where only the city was written. */
  public static Optional<String> near(String name) {
    var known = ZoneId.getAvailableZoneIds();
    return known.stream()
        .filter(it -> it.toLowerCase(Locale.ROOT).endsWith("/" + name.toLowerCase(Locale.ROOT)))
        .min(Comparator.naturalOrder())
        .or(() -> DidYouMean.nearest(name, known));
  }

  public ZoneId id() {
    return ZoneId.of(value);
  }

  @Override
  public String toString() {
    return value;
  }
}
