package io.provision.model.window;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;
import java.util.Set;

/** The days on which a window begins. */
public sealed interface Days {
  boolean include(LocalDate date);

  /** Some days of each week. */
  record OfWeek(Set<DayOfWeek> days) implements Days {
    public OfWeek {
      days = Set.copyOf(days);
    }

    @Override
    public boolean include(LocalDate date) {
      return days.contains(date.getDayOfWeek());
    }
  }

  /**
   * One day of each month.
   *
   * @param ordinal 1 to 4, or {@link #LAST}
   */
  record OfMonth(int ordinal, DayOfWeek day) implements Days {
    public static final int LAST = -1;

    @Override
    public boolean include(LocalDate date) {
      return date.equals(date.with(TemporalAdjusters.dayOfWeekInMonth(ordinal, day)));
    }
  }

  /** As cron says it; all three must fit. */
  record Cron(Set<Integer> months, Set<Integer> daysOfMonth, Set<DayOfWeek> days) implements Days {
    public Cron {
      months = Set.copyOf(months);
      daysOfMonth = Set.copyOf(daysOfMonth);
      days = Set.copyOf(days);
    }

    @Override
    public boolean include(LocalDate date) {
      return months.contains(date.getMonthValue())
          && daysOfMonth.contains(date.getDayOfMonth())
          && days.contains(date.getDayOfWeek());
    }
  }
}
