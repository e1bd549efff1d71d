package io.provision.step.doctor;

import io.provision.model.HostName;
import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What can only be known by trying: something is put on hosts for a moment, such as a listener, and
 * taken away again. So it is neither a look, which does nothing of the kind, nor a repair: a plan
 * never has one, and only a {@link Trial} does.
 *
 * @param arguments of each host; who is not among them is not measured
 * @param limit of a login and of the answer: a host that takes longer is left out
 * @param reader of what the function says; any bytes give a value, never an exception
 */
public record Measurement<A>(
    ShellFunction function,
    Map<HostName, List<String>> arguments,
    Duration limit,
    Function<Frame, A> reader) {
  public Measurement {
    arguments = Map.copyOf(arguments);
  }
}
