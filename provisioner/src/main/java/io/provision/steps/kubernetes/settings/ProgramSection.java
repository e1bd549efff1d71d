package io.provision.steps.kubernetes.settings;

import io.provision.section.Findings;
import io.provision.section.Node.Mapping;
import io.provision.section.Outline;
import io.provision.section.ValueSection;

/** The settings of one program, in the cluster's place or in that of a host. */
interface ProgramSection extends ValueSection, FreeData {
  ToldProgram program();

  /** As it was written. */
  Mapping source();

  @Override
  default String key() {
    return program().key();
  }

  @Override
  default void check(Outline outline, Findings findings) {
    new ProgramChecks(program(), source(), outline, findings).run();
  }
}
