package io.provision.section;

import io.provision.model.Position;
import java.util.List;

/** Where a section, or a mapping in it, was written: its keys with their positions. */
public interface Source {

  /** Of the whole. */
  Position position();

  /** Whether this key is there with a value, right or wrong. */
  boolean has(String key);

  /** Where the value below these keys is; where one is missing, the nearest there is. */
  Position at(String... keys);

  /** Where this key itself is; where it is missing, the whole. */
  Position keyAt(String key);

  /** Where the items of the list with this key are; empty where there is no such list. */
  List<Position> itemsAt(String key);
}
