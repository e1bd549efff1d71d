package io.provision.steps.gluster.brick;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.resource.unit.UnitState;
import io.provision.resource.unit.Units;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Repair;
import io.provision.steps.gluster.Recorded;
import io.provision.steps.gluster.answers.Pool;
import io.provision.steps.gluster.answers.VolumeInfo;
import io.provision.steps.gluster.pool.GlusterLook;
import io.provision.steps.gluster.pool.ServerIdentity;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A daemon that runs is known although a file of ours is missing, so that a plan says the rest. */
final class GlusterTakeoverTest {
  private static final Change DROP_IN = Change.of(Change.Action.CREATE, GlusterServer.DROP_IN_PATH);

  @Test
  void aPoolOfSomebodyElseIsToldInThePlanAndNotRestarted() {
    assertThat(check("active"))
        .isInstanceOfSatisfying(
            Check.Drift.class,
            drift -> {
              assertThat(drift.observed().values()).containsKey(ServerIdentity.OUTPUT);
              assertThat(drift.notes().getFirst())
                  .contains("taken over as it runs", "volume shared (3 bricks)");
            });
  }

  @Test
  void oneThatDoesNotRunTellsNothing() {
    assertThat(check("inactive"))
        .isInstanceOfSatisfying(
            Check.Drift.class, drift -> assertThat(drift.observed().values()).isEmpty());
  }

  @Test
  void whatTouchesTheDaemonIsNoTakeover() {
    var install = Change.of(Change.Action.INSTALL, "package glusterfs-client");
    assertThat(((Check.Drift) check("active", DROP_IN, install)).observed().values()).isEmpty();
  }

  private static Check check(String active) {
    return check(active, DROP_IN);
  }

  private static Check check(String active, Change... changes) {
    var unit = new UnitState("loaded", active, "running", "enabled", "", List.of(), Map.of());
    var seen =
        new Observations.Builder()
            .put(Units.of(GlusterServer.UNIT), unit)
            .put(GlusterLook.UUID, "e3af9933-6580-4b32-8d05-eab52a2117ef")
            .put(GlusterLook.PEERS, Pool.read(Recorded.answer("pool-3.xml")))
            .put(GlusterLook.INFO, VolumeInfo.read(Recorded.answer("info-started.xml")))
            .build();
    return GlusterServer.takenOver(new Check.Drift(List.of(changes), new Repair.OnHost()), seen);
  }
}
