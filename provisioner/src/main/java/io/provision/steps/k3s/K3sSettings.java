package io.provision.steps.k3s;

import io.provision.model.Content;
import io.provision.resource.Files;
import io.provision.resource.Piece;
import io.provision.resource.Pieces;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubernetes.apiserver.Audit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The inventory's settings of kubelet, kube-proxy, containerd and the API server's audit log lie
 * where k3s has these programs read them: before {@code config.yaml} names them, or k3s that is
 * started in between would not come up. Those not asked for any more are {@link K3sSettingsLeft}'s.
 */
public record K3sSettings() implements Step<Target.OnHost> {
  @Override
  public Probes probes(Target.OnHost target) {
    return Probes.of(
            Files.text(ProgramSettings.CONTAINERD_TEMPLATE), Files.at(ProgramSettings.OLD_TEMPLATE))
        .and(pieces(target).probes());
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.CREATE, Change.Action.UPDATE);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    var template = seen.of(Files.text(ProgramSettings.CONTAINERD_TEMPLATE));
    var isOurs =
        template.text().map(Content.Plain::text).filter(ProgramSettings::isOurs).isPresent();
    var foreign =
        template.exists() && !isOurs
            ? ProgramSettings.CONTAINERD_TEMPLATE
            : seen.of(Files.at(ProgramSettings.OLD_TEMPLATE)).exists()
                ? ProgramSettings.OLD_TEMPLATE
                : "";
    if (ProgramSettings.of(target).hasContainerd() && !foreign.isEmpty()) {
      return new Check.Refused(
          "%s was written by somebody else: k3s takes it in place of its own, and 'containerd' of the inventory might not be read"
              .formatted(foreign),
          "write what it says under 'containerd', and move the file away; or take 'containerd' out of the inventory");
    }
    return pieces(target).check(seen);
  }

  private static Pieces pieces(Target.OnHost target) {
    var settings = ProgramSettings.of(target);
    var pieces = new ArrayList<Piece>(settings.files());
    settings.audit().ifPresent(_ -> pieces.add(Audit.LOGS));
    return Pieces.all(List.copyOf(pieces));
  }
}
