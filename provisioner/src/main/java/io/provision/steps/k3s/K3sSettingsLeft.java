package io.provision.steps.k3s;

import io.provision.model.Content;
import io.provision.resource.Absent;
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
import java.util.List;
import java.util.Set;

/**
 * Files of settings that the inventory does not ask for any more are gone, but no log. After {@code
 * config.yaml}, which named them: whatever ends the run or the host in between, k3s finds what it
 * is told to read.
 */
public record K3sSettingsLeft() implements Step<Target.OnHost> {
  @Override
  public Probes probes(Target.OnHost target) {
    return Probes.of(Files.text(ProgramSettings.CONTAINERD_TEMPLATE))
        .and(pieces(target, true).probes());
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.REMOVE);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    var isOurs =
        seen.of(Files.text(ProgramSettings.CONTAINERD_TEMPLATE))
            .text()
            .map(Content.Plain::text)
            .filter(ProgramSettings::isOurs)
            .isPresent();
    return pieces(target, isOurs).check(seen);
  }

  /**
   * @param mayRemoveTemplate false where the template for containerd is not ours
   */
  private static Pieces pieces(Target.OnHost target, boolean mayRemoveTemplate) {
    var wanted = ProgramSettings.of(target).paths();
    List<Piece> left =
        ProgramSettings.PATHS.stream()
            .filter(path -> !wanted.contains(path))
            .filter(path -> mayRemoveTemplate || !path.equals(ProgramSettings.CONTAINERD_TEMPLATE))
            .<Piece>map(Absent::new)
            .toList();
    return Pieces.all(left);
  }
}
