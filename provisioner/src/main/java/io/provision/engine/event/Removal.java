package io.provision.engine.event;

import io.provision.step.Change;
import java.util.List;

/**
 * Something that a run was asked to remove, as its operator is asked about it.
 *
 * @param names what leaves together, such as {@code volume/old}; or the word that was typed, where
 *     no host could say yet what it means
 * @param changes what would be taken away; empty where that is not known yet
 * @param aftermath where what stays behind lies, and the way back
 */
public record Removal(List<String> names, List<Change> changes, String aftermath) {
  public Removal {
    names = List.copyOf(names);
    changes = List.copyOf(changes);
  }
}
