package io.provision.cli.rotation.report;

import io.provision.console.text.Table;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** A line of each host, for people. */
public final class HostLines {
  private static final String NONE = "-";
  private static final String UNKNOWN = "not known";

  private HostLines() {}

  public static Table table(List<HostStory> hosts) {
    return new Table(
        List.of("host", "result", "wanted for", "out of use", "kernel", "pods", "to be healed"),
        hosts.stream().map(HostLines::row).toList());
  }

  private static List<String> row(HostStory story) {
    return List.of(
        story.host(),
        story.state().words() + (story.why().isEmpty() ? "" : ": " + story.why()),
        story.reasons().map(HostLines::reasons).orElse(UNKNOWN),
        away(story),
        kernel(story),
        pods(story),
        healed(story));
  }

  private static String reasons(List<String> reasons) {
    return reasons.isEmpty() ? NONE : String.join(", ", reasons);
  }

  private static String away(HostStory story) {
    if (story.from().isPresent()) {
      return story
          .away()
          .map(HostLines::time)
          .orElse("since " + story.from().get().truncatedTo(ChronoUnit.SECONDS));
    }
    return switch (story.state()) {
      case GIVEN_BACK, UNKNOWN -> UNKNOWN; // it began in an earlier run
      case REBOOTED, NOT_WANTED, LEFT_OUT, WAITING, NOT_BEGUN, FAILED, UNREACHABLE -> NONE;
    };
  }

  private static String kernel(HostStory story) {
    return story.isBegun() ? both(story.kernel()) : story.kernel().before().orElse(UNKNOWN);
  }

  private static String pods(HostStory story) {
    if (!story.node()) {
      return NONE;
    }
    var told = story.pods().before().isPresent() || story.pods().after().isPresent();
    return story.isBegun() || told ? both(story.pods()) : NONE;
  }

  private static String healed(HostStory story) {
    var healing = story.healing();
    var told = healing.before().isPresent() || healing.after().isPresent();
    if (!story.storage() && !told) {
      return NONE;
    }
    if (!story.isBegun()) {
      return healing.before().map(Object::toString).orElse(NONE);
    }
    var text = both(new HostStory.Measured<>(healing.before(), healing.after()));
    return healing.took().map(took -> "%s, none after %s".formatted(text, time(took))).orElse(text);
  }

  private static <V> String both(HostStory.Measured<V> measured) {
    return word(measured.before()) + " -> " + word(measured.after());
  }

  private static <V> String word(Optional<V> value) {
    return value.map(Object::toString).orElse(UNKNOWN);
  }

  private static String time(Duration duration) {
    var seconds = duration.toSeconds();
    return seconds < 60 ? seconds + "s" : "%dm %02ds".formatted(seconds / 60, seconds % 60);
  }
}
