package io.provision.step;

import io.provision.model.HostName;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a test says is settled; of all else nothing is known. */
public final class TestKnown implements Known {
  private final Map<Output<?>, Map<HostName, Object>> values = new HashMap<>();
  private final Map<Output<?>, Map<HostName, String>> nevers = new HashMap<>();
  private final Map<Output<?>, Object> ofCluster = new HashMap<>();
  private final Map<Output<?>, Object> here = new HashMap<>();

  public <V> TestKnown has(HostName host, Output<V> output, V value) {
    values.computeIfAbsent(output, _ -> new TreeMap<>()).put(host, value);
    return this;
  }

  public TestKnown never(HostName host, Output<?> output, String reason) {
    nevers.computeIfAbsent(output, _ -> new TreeMap<>()).put(host, reason);
    return this;
  }

  public <V> TestKnown inCluster(Output<V> output, V value) {
    ofCluster.put(output, value);
    return this;
  }

  public <V> TestKnown here(Output<V> output, V value) {
    here.put(output, value);
    return this;
  }

  @Override
  public <V> Map<HostName, V> all(Output<V> output) {
    var all = new TreeMap<HostName, V>();
    values
        .getOrDefault(output, Map.of())
        .forEach((host, value) -> all.put(host, output.type().cast(value)));
    return all;
  }

  @Override
  public <V> Optional<V> cluster(Output<V> output) {
    return Optional.ofNullable(ofCluster.get(output)).map(output.type()::cast);
  }

  @Override
  public <V> Optional<V> local(Output<V> output) {
    return Optional.ofNullable(here.get(output)).map(output.type()::cast);
  }

  @Override
  public Map<HostName, String> never(Output<?> output) {
    return Collections.unmodifiableMap(nevers.getOrDefault(output, Map.of()));
  }
}
