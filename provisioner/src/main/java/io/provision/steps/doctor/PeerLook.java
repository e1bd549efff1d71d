package io.provision.steps.doctor;

import io.provision.model.HostName;
import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Kind;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Step;
import io.provision.step.Target;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * One look that each host is asked with arguments of its own.
 *
 * @param arguments of each; who is not among them is asked nothing
 */
record PeerLook<A>(Output<A> output, Kind<A> kind, Map<HostName, List<String>> arguments)
    implements Step<Target.OnHost> {
  PeerLook {
    arguments = Map.copyOf(arguments);
  }

  static <A> PeerLook<A> of(
      Output<A> output,
      ShellFunction function,
      Function<Frame, A> reader,
      Map<HostName, List<String>> arguments) {
    return new PeerLook<>(output, Kind.volatileSingle(function, reader), arguments);
  }

  private Question<A> question(Target.OnHost target) {
    return new Question<>(kind, arguments.getOrDefault(target.host().name(), List.of()));
  }

  private boolean asks(Target.OnHost target) {
    return arguments.containsKey(target.host().name());
  }

  @Override
  public Probes probes(Target.OnHost target) {
    return asks(target) ? Probes.of(question(target)) : Probes.NONE;
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    return asks(target)
        ? new Check.InSync(Observed.of(output, seen.of(question(target))))
        : new Check.Skipped("nothing is asked of it");
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return Set.of(output);
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of();
  }
}
