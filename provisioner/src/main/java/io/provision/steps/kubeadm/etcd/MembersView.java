package io.provision.steps.kubeadm.etcd;

import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.step.Output;
import io.provision.step.datastore.HealthView;
import io.provision.steps.kubernetes.Nodes;
import java.util.HashMap;
import java.util.List;
import java.util.Set;

/** What the members of etcd say of themselves and of one another. */
public final class MembersView implements HealthView {
  private static final String TITLE = "etcd";

  @Override
  public List<Ask> asks(Inventory inventory, Set<Output<?>> provided) {
    var servers = Nodes.servers(inventory);
    return servers.isEmpty()
        ? List.of()
        : List.of(new Ask.OnHosts(TITLE, servers, TITLE, new MemberLook()));
  }

  @Override
  public List<Rows> tables(Inventory inventory, Seen seen) {
    var rows = membership(inventory, seen).rows();
    return rows.isEmpty()
        ? List.of()
        : List.of(
            new Rows(
                TITLE,
                List.of(
                    "host",
                    "member",
                    "version",
                    "size",
                    "in use",
                    "defrag frees",
                    "leader",
                    "raft index",
                    "state"),
                rows));
  }

  @Override
  public Health health(Inventory inventory, Seen seen) {
    return new Health(
        membership(inventory, seen).findings().stream().map(Membership.Finding::what).toList(),
        List.of());
  }

  private static Membership membership(Inventory inventory, Seen seen) {
    var members = new HashMap<HostName, SeenMember>();
    seen.hosts()
        .forEach((host, observed) -> {
          if (observed.values().get(MemberLook.SEEN) instanceof SeenMember member) {
            members.put(host, member);
          }
        });
    return Membership.of(inventory, members);
  }
}
