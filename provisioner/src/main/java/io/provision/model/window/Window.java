package io.provision.model.window;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A time that comes again and again. An opening belongs to the day on which it begins, be it over
 * midnight. Where clocks are set forward, a time that does not exist is the first instant behind
 * the gap; where they are set back, a time that comes twice is the first of both. So an opening all
 * of which falls into a gap is none. No opening reaches into the next one.
 *
 * @param text as it was written
 * @param begins on each of the days, in their order
 * @param zone by whose clocks
 */
public record Window(String text, Days days, List<LocalTime> begins, Length length, ZoneId zone) {
  /** The 29th of February can be missing for eight years, and a zone can drop a day. */
  private static final int MOST_DAYS = 3300;

  /** Of a day before this one, of 25 hours, in a zone that has dropped the one between. */
  private static final int REACH = 2;

  public Window {
    begins = List.copyOf(new TreeSet<>(begins));
    if (begins.isEmpty()) {
      throw new IllegalArgumentException("a window begins at some time");
    }
  }

  /** The first opening that begins then or later; empty where none does for years. */
  public Optional<Occurrence> next(Instant from) {
    var date = from.atZone(zone).toLocalDate().minusDays(REACH);
    for (var day = 0; day < MOST_DAYS; day++) {
      for (var opening : on(date.plusDays(day))) {
        if (!opening.begin().isBefore(from)) {
          return Optional.of(opening);
        }
      }
    }
    return Optional.empty();
  }

  /** The opening that this is in. */
  public Optional<Occurrence> at(Instant instant) {
    var date = instant.atZone(zone).toLocalDate();
    for (var day = -REACH; day <= 1; day++) { // a clock that is set back can show yesterday again
      for (var opening : on(date.plusDays(day))) {
        if (opening.contains(instant)) {
          return Optional.of(opening);
        }
      }
    }
    return Optional.empty();
  }

  /** Those that belong to this day, in their order. */
  List<Occurrence> on(LocalDate date) {
    var openings = new ArrayList<Occurrence>();
    var instants = begins(date);
    for (var i = 0; i < instants.size(); i++) {
      var begin = instants.get(i);
      var end = end(date, begins.get(i), begin);
      if (length instanceof Length.Lasting) {
        var next = i + 1 < instants.size() ? Optional.of(instants.get(i + 1)) : after(date);
        end = next.filter(end::isAfter).orElse(end);
      }
      if (begin.isBefore(end)) {
        openings.add(new Occurrence(text, zone, begin, end));
      }
    }
    return openings;
  }

  private Optional<Instant> after(LocalDate date) {
    for (var day = 1; day <= REACH; day++) {
      var instants = begins(date.plusDays(day));
      if (!instants.isEmpty()) {
        return Optional.of(instants.getFirst());
      }
    }
    return Optional.empty();
  }

  private List<Instant> begins(LocalDate date) {
    return days.include(date)
        ? begins.stream().map(time -> instant(date.atTime(time))).toList()
        : List.of();
  }

  private Instant end(LocalDate date, LocalTime time, Instant begin) {
    return switch (length) {
      case Length.Lasting(var elapsed) -> begin.plus(elapsed);
      case Length.Until(var end) ->
          instant((end.isAfter(time) ? date : date.plusDays(1)).atTime(end));
    };
  }

  private Instant instant(LocalDateTime local) {
    var rules = zone.getRules();
    var change = rules.getTransition(local);
    if (change == null) {
      return local.toInstant(rules.getOffset(local));
    }
    return change.isGap() ? change.getInstant() : local.toInstant(change.getOffsetBefore());
  }

  /** As it was written. */
  @Override
  public String toString() {
    return text;
  }
}
