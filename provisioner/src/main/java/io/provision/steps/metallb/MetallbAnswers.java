package io.provision.steps.metallb;

import io.provision.kube.ClusterQuestion;
import io.provision.kube.Reaches;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code metallb-answers}: the addresses of services answer from this machine; from a node that
 * would prove nothing (metallb.io/troubleshooting). One that does not is a note: its pods may be on
 * their way, and this machine may be elsewhere.
 */
public record MetallbAnswers() implements Step<Target.OnCluster> {
  private static final int MOST = 50;

  static final ClusterQuestion.FromHere FROM_HERE =
      new ClusterQuestion.FromHere(MOST, Duration.ofSeconds(3));

  @Override
  public Probes probes(Target.OnCluster target) {
    return MetallbManifest.isWanted(target) ? Probes.ofCluster(List.of(FROM_HERE)) : Probes.NONE;
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of();
  }

  @Override
  public Check check(Target.OnCluster target, Observations seen, Known known) {
    if (!MetallbManifest.isWanted(target)) {
      return new Check.Skipped(Metallb.NOT_WANTED);
    }
    var reaches = seen.of(FROM_HERE);
    if (!reaches.unheard().isEmpty()) {
      return new Check.Skipped("no service was asked: " + reaches.unheard());
    }
    var silent = reaches.all().stream().filter(it -> !it.why().isEmpty()).toList();
    if (reaches.all().isEmpty()) {
      return new Check.Skipped("there is no service of type LoadBalancer to ask");
    }
    return new Check.InSync(
        new Observed(Map.of(), silent.stream().map(MetallbAnswers::note).toList()));
  }

  private static String note(Reaches.Reach reach) {
    var address =
        reach.address().isEmpty() ? "" : " at %s:%d".formatted(reach.address(), reach.port());
    return "Service %s does not answer from this machine%s (%s): see 'provision status' for who announces it"
        .formatted(reach.service(), address, reach.why());
  }
}
