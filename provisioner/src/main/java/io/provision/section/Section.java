package io.provision.section;

import io.provision.model.Position;
import java.util.List;

/**
 * An area's section of the inventory: a record whose components are its keys, each with its {@link
 * Key}. Values are Optional, boolean, lists and maps of records, enums and types of one text, which
 * have their grammar ({@link Text}). A component of type {@link Source} is given where the section
 * stands, and one of type {@link Node.Mapping} all of it as it was written, for checks of free
 * data. Keys that must be there, although their components are Optional so that the rest can be
 * checked without them, are named in a constant {@code REQUIRED}. The catalog lists it ({@link
 * SectionEntry}), in every place where it can stand.
 */
public interface Section {

  /**
   * Says what is wrong beyond the form of single values. Parts that are wrong are left out.
   *
   * @param outline as it is seen from where the section stands
   */
  void check(Outline outline, Findings findings);

  /** What this host alone can have; asked of sections of hosts, right or wrong. */
  default List<Sole> soles() {
    return List.of();
  }

  /**
   * Two hosts with an equal one are refused.
   *
   * @param identity of what it is
   * @param at where the second one is said to have it
   * @param what completes "w1 and w2 have the same ..."
   * @param remedy a sentence
   */
  record Sole(Object identity, Position at, String what, String remedy) {}

  /**
   * What steps find in the inventory, by its type; asked only where nothing is wrong. The section
   * itself, unless it is written in another form than it is used.
   */
  default Record settled() {
    if (this instanceof Record itself) {
      return itself;
    }
    throw new IllegalStateException("a section is a record, and this is " + getClass());
  }
}
