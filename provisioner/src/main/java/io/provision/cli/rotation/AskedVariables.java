package io.provision.cli.rotation;

import io.provision.cli.run.Inputs;
import io.provision.cli.run.Refused;
import io.provision.files.Custody;
import io.provision.load.bind.Surroundings;
import java.nio.file.Path;
import java.util.AbstractMap;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which variables an inventory refers to that are not in this environment. */
public final class AskedVariables {
  private final Map<String, String> environment;
  private final Set<String> missing = new TreeSet<>();

  public AskedVariables(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /**
   * Reads it as a process with this environment would.
   *
   * @throws Refused where that process would refuse it
   */
  public Collection<String> byReading(Path inventory, Optional<Path> playbook) throws Refused {
    var home = Path.of(environment.getOrDefault("HOME", "/"));
    var custody = Custody.ofThisProcess(environment);
    var _ = new Inputs(new Surroundings(new Noting(), home, custody)).read(inventory, playbook);
    return Set.copyOf(missing);
  }

  /** Notes what it is asked for and does not have. */
  private final class Noting extends AbstractMap<String, String> {
    @Override
    public boolean containsKey(@Nullable Object key) {
      return get(key) != null;
    }

    @Override
    public @Nullable String get(@Nullable Object key) {
      var value = environment.get(String.valueOf(key));
      if (value == null) {
        missing.add(String.valueOf(key));
      }
      return value;
    }

    @Override
    public Set<Entry<String, String>> entrySet() {
      return environment.entrySet();
    }
  }
}
