package io.provision.steps.k3s;

import io.provision.steps.kubernetes.settings.FreeData;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Options of k3s that the inventory sets at the cluster or at a host, in its order. */
record K3sOptions(Map<String, Object> values) implements FreeData {
  K3sOptions {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  @Override
  public String key() {
    return K3sSection.KEY;
  }
}
