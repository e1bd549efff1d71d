package io.provision.steps.kubernetes.settings;

import io.provision.section.Node.Mapping;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the inventory says at {@code kubelet}: fields of a KubeletConfiguration. */
public record KubeletSection(Mapping source, Map<String, Object> values) implements ProgramSection {
  /** Of the cluster and of a host. */
  public static final String KEY = "kubelet";

  private static final ToldProgram PROGRAM = ToldProgram.ofKubernetes(KEY, "the kubelet");

  public KubeletSection {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  @Override
  public ToldProgram program() {
    return PROGRAM;
  }
}
