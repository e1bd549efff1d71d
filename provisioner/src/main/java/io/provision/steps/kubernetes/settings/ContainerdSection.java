package io.provision.steps.kubernetes.settings;

import io.provision.section.Node.Mapping;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the inventory says at {@code containerd}: tables of its {@code config.toml}. */
public record ContainerdSection(Mapping source, Map<String, Object> values)
    implements ProgramSection {
  /** Of the cluster and of a host. */
  public static final String KEY = "containerd";

  private static final ToldProgram PROGRAM = new ToldProgram(KEY, "containerd", List.of(), true);

  public ContainerdSection {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  @Override
  public ToldProgram program() {
    return PROGRAM;
  }
}
