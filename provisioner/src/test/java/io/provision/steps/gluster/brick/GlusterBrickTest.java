package io.provision.steps.gluster.brick;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.HostName;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.steps.gluster.Declared;
import io.provision.steps.gluster.Recorded;
import io.provision.steps.gluster.answers.Pool;
import io.provision.steps.gluster.answers.VolumeInfo;
import io.provision.steps.gluster.declared.GlusterVolume;
import io.provision.steps.gluster.pool.GlusterNode;
import io.provision.steps.gluster.pool.PoolView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class GlusterBrickTest {
  private static final String SHARED = "{ name: shared, replica: 3, brick: /data/gluster/shared }";
  private static final GlusterVolume WANTED = Declared.volume(3, SHARED);
  private static final HostName N1 = new HostName("n1");
  private static final String OURS =
      "brick /data/gluster/shared of volume shared, made by provision";
  private static final String ID = "e3af993365804b328d05eab52a2117ef";
  private static final List<VolumeInfo> KNOWN =
      VolumeInfo.read(Recorded.answer("info-started.xml")).value().orElseThrow();
  private static final BrickState NOTHING =
      new BrickState("/data", false, false, "", false, "", false, "", "", true);

  @Test
  void makesADirectoryInsideAFileSystemOfItsOwn() {
    assertThat(actions(check(NOTHING, List.of()))).containsExactly(Change.Action.CREATE);
    assertThat(check(empty(""), List.of())).isInstanceOf(Check.Drift.class);
    assertThat(check(empty(OURS), List.of())).isInstanceOf(Check.InSync.class);
  }

  @Test
  void refusesTheRootFileSystemUnlessTheInventoryAllowsIt() {
    var onRoot = new BrickState("/", false, false, "", false, "", false, "", "", true);
    assertThat(what(check(onRoot, List.of()))).contains("root file system");
    var allowed = Declared.volume(3, SHARED.replace("}", ", allow_root: true }"));
    assertThat(GlusterBrick.check(N1, allowed, onRoot, List.of(), view()))
        .isInstanceOf(Check.Drift.class);
  }

  @Test
  void refusesAMountPointItselfAndTheInsideOfAnotherBrick() {
    var mount =
        new BrickState("/data/gluster/shared", true, true, "", false, "", false, "", "", true);
    assertThat(what(check(mount, List.of()))).contains("mount point");
    var inside = new BrickState("/data", false, false, "", false, ID, false, "", "", true);
    assertThat(what(check(inside, List.of()))).contains("inside a brick");
  }

  @Test
  void neverTouchesForeignData() {
    var data = new BrickState("/data", true, true, "", false, "", true, OURS, "", true);
    assertThat(what(check(data, List.of()))).contains("holds data");
  }

  @Test
  void removesWhatAnInterruptedCreationLeftOnlyWhereTheMarkerProvesIt() {
    assertThat(actions(check(marked(OURS, false), List.of())))
        .containsExactly(Change.Action.REMOVE);
    assertThat(what(check(marked("", false), List.of()))).contains("does not know");
    assertThat(what(check(marked("", true), List.of()))).contains("holds data");
  }

  @Test
  void aVolumeThatWasDeletedAndIsDeclaredAgainSaysHowItsFilesComeBack() {
    var volume = KNOWN.getFirst();
    var elsewhere = (Check.Refused) check(marked(OURS, true), List.of());
    assertThat(elsewhere.what()).contains("holds the files of volume shared, which was deleted");
    assertThat(elsewhere.remedy()).contains("in the order they had", "remove the directory");
    var back = WayBack.command(volume);
    var there = new BrickState("/data", true, true, ID, true, "", true, OURS, back, true);
    assertThat(((Check.Refused) check(there, List.of())).remedy())
        .contains(
            "'gluster volume create shared replica 3 n1:/data/gluster/shared"
                + " n2:/data/gluster/shared n3:/data/gluster/shared force' on this host");
    assertThat(check(there, KNOWN)).as("made again").isInstanceOf(Check.InSync.class);
  }

  @Test
  void aBrickOfTheVolumeIsLeftInPeace() {
    assertThat(check(marked(OURS, true), KNOWN)).isInstanceOf(Check.InSync.class);
    assertThat(check(marked("", true), KNOWN)).isInstanceOf(Check.InSync.class);
  }

  @Test
  void aBrickThatIsAwayIsNeverMadeAnew() {
    assertThat(what(check(NOTHING, KNOWN))).contains("no mark");
    assertThat(what(check(empty(OURS), KNOWN))).contains("no mark");
    var root = new BrickState("/", false, false, "", false, "", false, "", "", true);
    assertThat(what(check(root, KNOWN))).contains("no mark");
  }

  @Test
  void refusesAMarkOfAVolumeThatDoesNotListThisBrick() {
    var elsewhere = Declared.volume(3, SHARED.replace("gluster/shared", "gluster/two"));
    assertThat(what(GlusterBrick.check(N1, elsewhere, marked(OURS, false), KNOWN, view())))
        .contains("does not list it");
  }

  private static Check check(BrickState state, List<VolumeInfo> volumes) {
    return GlusterBrick.check(N1, WANTED, state, volumes, view());
  }

  private static BrickState empty(String marker) {
    return new BrickState("/data", true, true, "", false, "", false, marker, "", true);
  }

  private static BrickState marked(String marker, boolean foreign) {
    return new BrickState("/data", true, true, ID, true, "", foreign, marker, "", true);
  }

  private static PoolView view() {
    var pool = Pool.read(Recorded.answer("pool-3.xml")).value().orElseThrow();
    var uuid = "bc8e15e7-b17f-4725-9317-4213117ec61e";
    return new PoolView(new LinkedHashMap<>(Map.of(N1, new GlusterNode(uuid, pool, List.of()))));
  }

  private static String what(Check check) {
    assertThat(check).isInstanceOf(Check.Refused.class);
    return ((Check.Refused) check).what();
  }

  private static List<Change.Action> actions(Check check) {
    assertThat(check).isInstanceOf(Check.Drift.class);
    return ((Check.Drift) check).changes().stream().map(Change::action).toList();
  }
}
