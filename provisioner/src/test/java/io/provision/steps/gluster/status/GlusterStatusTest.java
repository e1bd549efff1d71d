package io.provision.steps.gluster.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.HostName;
import io.provision.remote.Frame;
import io.provision.step.Observed;
import io.provision.steps.gluster.Declared;
import io.provision.steps.gluster.Recorded;
import io.provision.steps.gluster.gate.BrickSpace;
import io.provision.steps.gluster.gate.GlusterHealth;
import io.provision.steps.gluster.gate.HealthSamples;
import io.provision.steps.gluster.mount.GlusterMounts;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class GlusterStatusTest {
  private static final Map<HostName, String> UUIDS =
      Map.of(
          new HostName("n1"), "bc8e15e7-b17f-4725-9317-4213117ec61e",
          new HostName("n2"), "3033df1a-858c-4f59-80d6-b57ae9f0869f",
          new HostName("n3"), "7c27c772-8419-42a7-b3d4-2b1bdb4ea898");

  private String pool = Recorded.answer("pool-3.xml");
  private String info = Recorded.answer("info-started.xml");
  private String status = Recorded.answer("status.xml");
  private String heal = Recorded.answer("heal.xml");

  @Test
  void aWholePoolIsOneLineAHostAVolumeAndABrick() {
    var seen = status(3);
    assertThat(seen.pool())
        .containsExactly(
            List.of("n1", "2 of 2", ""), List.of("n2", "2 of 2", ""), List.of("n3", "2 of 2", ""));
    assertThat(seen.volumes())
        .containsExactly(List.of("shared", "replica 3", "1 x 3", "started", "0", "0", ""));
    assertThat(seen.bricks().getFirst())
        .containsExactly(
            "n1:/data/gluster/shared", "shared", "online", "52770", "1.0 of 4.0 GiB", "0", "0");
    assertThat(seen.mounts())
        .containsExactly(
            List.of("shared", "/mnt/shared", "mounted", "n1, n2"),
            List.of("shared", "/mnt/shared", "hangs: no answer within 5 s", "n3"));
  }

  @Test
  void whatNobodyCountedIsUnknownAndNotZero() {
    heal = Recorded.answer("heal-brick-dead.xml");
    status = Recorded.answer("status-brick-dead.xml");
    var seen = status(3);
    assertThat(seen.volumes().getFirst()).containsSequence("unknown", "unknown");
    assertThat(seen.bricks().get(1)).contains("down").endsWith("unknown", "unknown");
    assertThat(seen.bricks().get(0)).endsWith("0", "0");
  }

  @Test
  void anAnswerThatCannotBeReadIsUnknownWithTheReason() {
    pool = Recorded.answer("glusterd-down.txt");
    info = pool;
    var seen = status(3);
    assertThat(seen.pool().getFirst().get(1)).isEqualTo("unknown");
    assertThat(seen.pool().getFirst().get(2)).contains("Connection failed");
    assertThat(seen.volumes().getFirst()).contains("shared", "unknown");
    assertThat(seen.volumes().getFirst().getLast()).contains("Connection failed");
    assertThat(seen.bricks()).isEmpty();
  }

  @Test
  void aHostThatWasNotReachedIsUnknown() {
    var seen = status(2);
    assertThat(seen.pool().getLast()).containsExactly("n3", "unknown", "not reached");
    assertThat(seen.mounts()).contains(List.of("shared", "/mnt/shared", "unknown", "n3"));
  }

  private GlusterStatus status(int reached) {
    var inventory =
        Declared.inventory(
            3, "{ name: shared, replica: 3, brick: /data/gluster/shared, mount: /mnt/shared }");
    var text =
        "@sample\n@pool\n%s\n@volumes\n%s\n@whole\n@status shared\n%s\n@heal shared\n%s\n"
            .formatted(pool, info, status, heal);
    var samples = HealthSamples.read(new Frame(0, text));
    var seen = new HashMap<HostName, Observed>();
    for (var host : inventory.hosts().subList(0, reached)) {
      var space = Map.of("/data/gluster/shared", new BrickSpace(1L << 30, 4L << 30));
      var mount = host.name().value().equals("n3") ? "hangs: no answer within 5 s" : "mounted";
      seen.put(
          host.name(),
          Observed.of(
                  GlusterHealth.HEALTH,
                  new GlusterHealth.Seen(UUIDS.get(host.name()), samples, space))
              .and(GlusterMounts.MOUNTS, new GlusterMounts.Seen(Map.of("shared", mount))));
    }
    return new GlusterStatus(inventory, seen);
  }
}
