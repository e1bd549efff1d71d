package io.provision.step;

import io.provision.model.Inventory;
import java.time.Duration;
import java.util.List;

/** What an area has that ends on a day, as tables and in words. */
public interface ExpiryView extends StatusView {

  /**
   * What ends, or waits for somebody.
   *
   * @param of a host, or whatever it belongs to
   * @param says a line that begins with that
   * @param over whether it has ended already
   */
  record Ending(String of, String says, boolean over) {
    /** For a person. */
    @Override
    public String toString() {
      return of + ": " + says;
    }
  }

  /**
   * What has ended, what ends within this time by the clock of its host, and what could not be
   * read.
   */
  List<Ending> ending(Inventory inventory, Seen seen, Duration within);
}
