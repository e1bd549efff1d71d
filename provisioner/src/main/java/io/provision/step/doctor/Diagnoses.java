package io.provision.step.doctor;

import java.util.List;

/** What one examination found of one host; nothing where all is well. */
public record Diagnoses(List<Diagnosis> found) {
  public Diagnoses {
    found = List.copyOf(found);
  }
}
