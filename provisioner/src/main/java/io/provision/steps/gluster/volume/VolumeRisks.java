package io.provision.steps.gluster.volume;

import io.provision.steps.gluster.answers.VolumeInfo;
import io.provision.steps.gluster.declared.GlusterVolume;
import java.util.ArrayList;
import java.util.List;

/** What can go wrong with a volume that is there, as somebody made it, and the way out. */
final class VolumeRisks {
  private static final int PAIR = 2;

  private VolumeRisks() {}

  static List<String> of(GlusterVolume wanted, VolumeInfo is, VolumeAccess access) {
    var risks = new ArrayList<String>();
    if (is.kind() == GlusterVolume.Kind.REPLICATED && is.setSize() == PAIR) {
      risks.add(twoCopies(wanted, is));
    }
    var allowed = is.options().getOrDefault(VolumeAccess.OPTION, VolumeAccess.EVERYBODY);
    if (allowed.equals(VolumeAccess.EVERYBODY)
        && !wanted.options().containsKey(VolumeAccess.OPTION)
        && access.should(allowed).isPresent()) {
      risks.add(
          "volume %s lets everybody in, and will let in only the hosts of the inventory: who else has it mounted is cut off ('gluster volume status %1$s clients'). declare the option auth.allow of the volume where others need it"
              .formatted(wanted.name()));
    }
    return List.copyOf(risks);
  }

  /**
   * A replica of two becomes one with an arbiter by a brick more for each set, while it is in use
   * (docs.gluster.org, Administrator Guide, Arbiter volumes and quorum options).
   */
  private static String twoCopies(GlusterVolume wanted, VolumeInfo is) {
    var bricks = new ArrayList<String>();
    for (var i = 0; i < is.sets().size(); i++) {
      bricks.add("HOST:" + wanted.brick());
    }
    return "volume %s has two copies and nobody who decides where they disagree (split brain): one host that goes at the wrong moment can make files unreadable. the way out is an arbiter, which holds names and no data: give a third host the role storage and apply, then 'gluster volume add-brick %1$s replica 3 arbiter 1 %s', then write 'kind: arbiter' and 'replica: 3'"
        .formatted(wanted.name(), String.join(" ", bricks));
  }
}
