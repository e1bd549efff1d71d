package io.provision.step.doctor;

import java.util.List;

/**
 * What came of one examination.
 *
 * @param of whom: a host, {@code (cluster)}, or {@code (local)}
 * @param examination its title, or the name of a step
 * @param found nothing where all is well
 */
public record Examined(String of, String examination, List<Diagnosis> found) {
  public Examined {
    found = List.copyOf(found);
  }
}
