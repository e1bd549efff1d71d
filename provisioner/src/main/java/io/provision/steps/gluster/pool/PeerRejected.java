package io.provision.steps.gluster.pool;

import io.provision.model.HostName;
import io.provision.step.Check;
import io.provision.steps.gluster.answers.Pool;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What is said where members of a pool reject one another: each calls the others rejected, so whose
 * word it is says nothing about who is wrong. Advice is for the odd one alone, and what it does is
 * to move files aside; nobody is told to touch the record that most of the pool agrees on.
 */
record PeerRejected(HostName self, List<Pool.Peer> rejected, Dissent dissent) {
  private static final String ASIDE = "/root/glusterd-aside";

  Check check() {
    var majority = dissent.majority();
    if (majority.isEmpty() || dissent.odd().isEmpty()) {
      return new Check.Refused(
          "%s and %s reject each other, and no majority of the %d members of the pool says who is wrong (%s)"
              .formatted(
                  self,
                  rejected.stream().map(Pool.Peer::name).collect(Collectors.joining(", ")),
                  dissent.members(),
                  dissent.facts().isEmpty()
                      ? "their records of volumes are the same by version and checksum"
                      : dissent.facts()),
          "remove nothing: /var/lib/glusterd is the only record of the pool's volumes. Bring hosts"
              + " back that were not reached, and see what 'Cksums' or 'conflict' in"
              + " /var/log/glusterfs/glusterd.log says on each");
    }
    var odd = dissent.odd();
    var good = majority.get();
    return new Check.Refused(
        "the pool rejects %s: its record of the volumes is not that of %s (%s)"
            .formatted(Dissent.joined(odd), Dissent.joined(good), dissent.facts()),
        remedy(odd, good));
  }

  private String remedy(List<HostName> odd, List<HostName> good) {
    var lost = dissent.knownOnlyTo(odd);
    return ("only on %s, and never on %s: systemctl stop glusterd; mkdir %s; cd /var/lib/glusterd;"
            + " find . -mindepth 1 -maxdepth 1 ! -name glusterd.info -exec mv {} %s/ ';';"
            + " systemctl start glusterd; gluster peer probe %s; systemctl restart glusterd; then"
            + " apply again. Its bricks stop meanwhile and keep their files; %s, and %s keeps the old record")
        .formatted(
            Dissent.joined(odd),
            Dissent.joined(good),
            ASIDE,
            ASIDE,
            good.getFirst(),
            lost.isEmpty()
                ? "nothing else is lost, since the others know the same volumes"
                : "what is lost is the pool's knowledge of %s, which nobody else has (the files stay in the bricks)"
                    .formatted(
                        lost.stream()
                            .map("volume %s"::formatted)
                            .collect(Collectors.joining(", "))),
            ASIDE);
  }
}
