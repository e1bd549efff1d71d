package io.provision.steps;

import io.provision.model.HostName;
import io.provision.model.NodeAddress;
import io.provision.model.Sha256;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Output;
import io.provision.step.Provider;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Outputs that are settled with a plain value of their type, made of its components; notes which
 * were asked for.
 */
final class Specimens implements Known {
  private final Set<Need> needs;
  private final boolean yes;
  final Set<Output<?>> asked = new HashSet<>();

  /**
   * @param yes what every boolean in them is
   */
  Specimens(Set<Need> needs, boolean yes) {
    this.needs = needs;
    this.yes = yes;
  }

  @Override
  public <V> Map<HostName, V> all(Output<V> output) {
    asked.add(output);
    var all = new TreeMap<HostName, V>();
    for (var need : needs) {
      if (need.output().equals(output) && need.of() instanceof Provider.Hosts(var names)) {
        for (var name : names) {
          all.put(name, output.type().cast(value(output.type(), name.value())));
        }
      }
    }
    return all;
  }

  @Override
  public <V> Optional<V> cluster(Output<V> output) {
    return of(output, Provider.Cluster.class);
  }

  @Override
  public <V> Optional<V> local(Output<V> output) {
    return of(output, Provider.Local.class);
  }

  @Override
  public Map<HostName, String> never(Output<?> output) {
    asked.add(output);
    return Map.of();
  }

  private <V> Optional<V> of(Output<V> output, Class<? extends Provider> by) {
    asked.add(output);
    return needs.stream()
        .filter(need -> need.output().equals(output) && by.isInstance(need.of()))
        .findFirst()
        .map(_ -> output.type().cast(value(output.type(), "x")));
  }

  private Object value(Class<?> type, String of) {
    if (type == NodeAddress.class) {
      return NodeAddress.parse("10.0.0." + (10 + Math.floorMod(of.hashCode(), 200)));
    } else if (type == Sha256.class) {
      return Sha256.of(of.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    } else if (type == Boolean.class || type == boolean.class) {
      return yes;
    } else if (type == Integer.class || type == int.class) {
      return 1;
    } else if (type == String.class) {
      return of;
    } else if (type == List.class) {
      return List.of();
    } else if (type == Set.class) {
      return Set.of();
    } else if (type == Map.class) {
      return Map.of();
    } else if (type == Optional.class) {
      return Optional.empty();
    } else if (type.isEnum()) {
      return type.getEnumConstants()[0];
    } else if (type.isSealed()) {
      return value(type.getPermittedSubclasses()[0], of);
    }
    var components = type.getRecordComponents();
    if (components == null) {
      throw new IllegalStateException("no specimen of " + type);
    }
    var types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    var values = Arrays.stream(types).map(each -> value(each, of)).toArray();
    try {
      var constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no specimen of " + type, e);
    }
  }
}
