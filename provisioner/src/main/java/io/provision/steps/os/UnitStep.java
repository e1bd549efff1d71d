package io.provision.steps.os;

import io.provision.resource.Piece;
import io.provision.resource.Pieces;
import io.provision.resource.unit.Unit;
import io.provision.step.Parameter;
import io.provision.step.Target;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code unit}: a unit of systemd that runs (or not) now and after a boot.
 *
 * @param name {@code demo} is {@code demo.service}
 * @param state running where it is not given
 * @param boot enabled where it should run, else disabled
 * @param reads files it reads when it starts: it is restarted when it runs with others than there
 *     are; a drop-in makes it record them
 */
public record UnitStep(
    @Parameter(value = "The unit; demo is demo.service.", example = "demo") String name,
    @Parameter(value = "Whether it runs now.", usual = "running", example = "stopped")
        Optional<Unit.Run> state,
    @Parameter(
            value = "Whether it is started at boot.",
            usual = "enabled where it should run, else disabled",
            example = "disabled")
        Optional<Unit.Boot> boot,
    @Parameter(
            value = "Files it reads when it starts: it restarts when they change.",
            usual = "none",
            example = "[/etc/demo.conf]")
        Optional<List<String>> reads)
    implements PieceStep {
  public UnitStep {
    var unused = unit(name, state, boot).readingAsFound(reads.orElse(List.of()));
  }

  private static Unit unit(String name, Optional<Unit.Run> state, Optional<Unit.Boot> boot) {
    var run = state.orElse(Unit.Run.RUNNING);
    var usual =
        switch (run) {
          case RUNNING -> Unit.Boot.ENABLED;
          case STOPPED -> Unit.Boot.DISABLED;
          case ANY -> Unit.Boot.ANY;
        };
    return new Unit(Unit.full(name), run, boot.orElse(usual), Map.of());
  }

  @Override
  public Piece piece(Target.OnHost target) {
    var unit = unit(name, state, boot);
    if (reads.isEmpty() || reads.get().isEmpty()) {
      return unit;
    }
    var reading = unit.readingAsFound(reads.get());
    return Pieces.all(reading.dropIn(), reading);
  }
}
