package io.provision.model.window;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** All windows of a cluster: what they say is open while one of them is. */
public record Windows(List<Window> all) {
  /** Windows that follow each other without a gap can be open for ever. */
  private static final Duration LOOK_AHEAD = Duration.ofDays(7);

  private static final Comparator<Occurrence> ORDER =
      Comparator.comparing(Occurrence::begin).thenComparing(Occurrence::end);

  public Windows {
    all = List.copyOf(all);
  }

  public boolean isOpen(Instant instant) {
    return all.stream().anyMatch(window -> window.at(instant).isPresent());
  }

  /** The first opening that begins then or later. */
  public Optional<Occurrence> next(Instant from) {
    return all.stream().flatMap(window -> window.next(from).stream()).min(ORDER);
  }

  /** The opening that this is in; of several, the one that ends last. */
  public Optional<Occurrence> at(Instant instant) {
    return all.stream()
        .flatMap(window -> window.at(instant).stream())
        .max(Comparator.comparing(Occurrence::end));
  }

  /**
   * Until when it stays open, over windows that follow each other; a week at most. Empty where it
   * is not open.
   */
  public Optional<Instant> end(Instant instant) {
    var end = at(instant).map(Occurrence::end);
    while (end.isPresent() && end.get().isBefore(instant.plus(LOOK_AHEAD))) {
      var further = at(end.get()).map(Occurrence::end);
      if (further.isEmpty()) {
        return end;
      }
      end = further;
    }
    return end;
  }

  /** That none is open, and when the next one is; a clause about this instant. */
  public String shut(Instant instant) {
    return next(instant)
        .map(it -> "no window is open before %s".formatted(it.opens()))
        .orElse("no window ever opens again");
  }

  /** The openings that this is in, and those that come; so many in all, in their order. */
  public List<Occurrence> calendar(Instant now, int most) {
    var openings = new ArrayList<Occurrence>();
    for (var window : all) {
      var next = window.at(now).or(() -> window.next(now));
      for (var i = 0; i < most && next.isPresent(); i++) {
        openings.add(next.get());
        next = window.next(next.get().begin().plusNanos(1));
      }
    }
    return openings.stream().sorted(ORDER).limit(most).toList();
  }
}
