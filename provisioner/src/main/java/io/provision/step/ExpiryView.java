package io.provision.step;

import io.provision.model.Inventory;
import java.time.Duration;
import java.util.List;

/** What an area has that ends on a day, as tables and in words. */
public interface ExpiryView extends StatusView {

  /**
   * What has ended, what ends within this time by the clock of its host, and what could not be
   * read, a sentence each.
   */
  List<String> ending(Inventory inventory, Seen seen, Duration within);
}
