package io.provision.step.datastore;

import io.provision.model.Inventory;
import io.provision.step.StatusView;
import java.util.List;

/** How an area's members are, as tables and in words. */
public interface HealthView extends StatusView {

  /**
   * What there is to be said of them, a sentence each.
   *
   * @param wrong what is not as it should be, by the name of the host
   * @param notes what is worth knowing all the same
   */
  record Health(List<String> wrong, List<String> notes) {
    public Health {
      wrong = List.copyOf(wrong);
      notes = List.copyOf(notes);
    }
  }

  Health health(Inventory inventory, Seen seen);
}
