package io.provision.steps.gluster.volume;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.steps.gluster.Recorded;
import io.provision.steps.gluster.answers.VolumeInfo;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class GlusterOnlineTest {
  @Test
  void ofProcessesOnlyWhatThisHostShouldRunIsStarted() {
    var volumes = VolumeInfo.read(Recorded.answer("info-started.xml")).value().orElseThrow();
    var uuid = volumes.getFirst().bricks().get(1).uuid();
    var brick = "brick shared n2-data-gluster-shared.pid";
    assertThat(GlusterOnline.check(uuid, volumes, Set.of(brick, "shd shared")))
        .isInstanceOf(Check.InSync.class);
    assertThat(((Check.Drift) GlusterOnline.check(uuid, volumes, Set.of("shd shared"))).changes())
        .extracting(Change::subject)
        .containsExactly("brick n2:/data/gluster/shared");
    assertThat(((Check.Drift) GlusterOnline.check(uuid, volumes, Set.of(brick))).changes())
        .extracting(Change::subject)
        .containsExactly("self-heal daemon of shared");
    assertThat(GlusterOnline.check("of-no-brick", volumes, Set.of()))
        .isInstanceOf(Check.InSync.class);
  }
}
