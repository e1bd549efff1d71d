package io.provision.steps.kubernetes.settings;

import io.provision.section.Node.Mapping;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the inventory says at {@code kube_proxy}: fields of a KubeProxyConfiguration. */
public record KubeProxySection(Mapping source, Map<String, Object> values)
    implements ProgramSection {
  /** Of the cluster and of a host. */
  public static final String KEY = "kube_proxy";

  private static final ToldProgram PROGRAM = ToldProgram.ofKubernetes(KEY, "kube-proxy");

  public KubeProxySection {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  @Override
  public ToldProgram program() {
    return PROGRAM;
  }
}
