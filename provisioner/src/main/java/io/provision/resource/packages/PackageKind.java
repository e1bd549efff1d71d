package io.provision.resource.packages;

import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import io.provision.step.Kind;
import io.provision.step.Question;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What one package manager says of all packages, asked once.
 *
 * @param reader the states by the names that were asked for
 */
record PackageKind(ShellFunction function, Function<Frame, Map<String, PackageState>> reader)
    implements Kind<PackageState> {
  @Override
  public boolean batched() {
    return true;
  }

  @Override
  public boolean standsAlone() {
    return true;
  }

  @Override
  public boolean isMissing(PackageState state) {
    return !state.isInstalled();
  }

  @Override
  public List<PackageState> read(List<Question<PackageState>> asked, Frame frame) {
    var states = reader.apply(frame);
    return asked.stream()
        .map(it -> states.getOrDefault(it.arguments().getFirst(), PackageState.ABSENT))
        .toList();
  }
}
