package io.provision.steps.k3s;

import io.provision.model.Version;
import io.provision.resource.Files;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import java.util.Optional;
import java.util.Set;

/** What a host is to k3s now, and whether the way from there to the wanted version can be gone. */
public record K3sState() implements Step<Target.OnHost> {
  private static final Set<String> ARCHITECTURES = Set.of("amd64", "arm64");

  @Override
  public Probes probes(Target.OnHost target) {
    return Probes.of(K3sLooks.BASICS, Files.at(K3s.SERVER_TOKEN), Files.at(K3s.AGENT_TOKEN));
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return Set.of(K3s.STATE);
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of();
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    var basics = seen.of(K3sLooks.BASICS);
    if (!ARCHITECTURES.contains(basics.arch())) {
      return new Check.Refused(
          "there is no k3s for its processor (%s)".formatted(basics.arch()),
          "use a host with amd64 or arm64");
    }
    var refusal = basics.version().flatMap(has -> refusal(has, K3s.version(target)));
    if (refusal.isPresent()) {
      return refusal.get();
    }
    return new Check.InSync(
        Observed.of(
            K3s.STATE,
            new NodeState(
                basics.arch(),
                basics.version(),
                basics.holdsCluster(),
                basics.answers(),
                seen.of(Files.at(K3s.SERVER_TOKEN)).sha256(),
                seen.of(Files.at(K3s.AGENT_TOKEN)).sha256())));
  }

  /** Kubernetes goes up by one minor version at a time, and never down (version skew policy). */
  static Optional<Check> refusal(Version has, Version wanted) {
    if (wanted.compareTo(has) < 0) {
      return Optional.of(
          new Check.Refused(
              "it has k3s %s, and the inventory says %s: k3s does not go back"
                  .formatted(has, wanted),
              "set 'version: %s', or restore a snapshot of the datastore by hand".formatted(has)));
    }
    if (wanted.major() != has.major() || wanted.minor() > has.minor() + 1) {
      return Optional.of(
          new Check.Refused(
              "from k3s %s to %s minor versions would be left out".formatted(has, wanted),
              "go step by step: set 'version' to the last v%d.%d first"
                  .formatted(has.major(), has.minor() + 1)));
    }
    return Optional.empty();
  }
}
