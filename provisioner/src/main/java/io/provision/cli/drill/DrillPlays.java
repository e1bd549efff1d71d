package io.provision.cli.drill;

import io.provision.engine.event.StepRef;
import io.provision.engine.playbook.Item;
import io.provision.engine.playbook.Play;
import io.provision.engine.playbook.Playbook;
import io.provision.model.Host;
import io.provision.model.Position;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.Catalog;
import io.provision.steps.kubernetes.placement.RoomElsewhere;
import io.provision.steps.kubernetes.rotation.NodeOutage;
import io.provision.steps.kubernetes.rotation.OtherRebooters;
import io.provision.steps.rotation.HostOutage;
import io.provision.steps.rotation.SelfReboots;
import java.util.ArrayList;
import java.util.List;

/** What a drill has done on one host, behind all that tells how the cluster is. */
record DrillPlays(Playbook playbook) {
  private static final Position AT = new Position("provision rotate --kill", 1, 1);

  /** Of all nodes it is asked whether they reboot themselves: another may go meanwhile. */
  Playbook ofNode(List<Host> nodes, Host node, Step<Target.OnHost> step) {
    var plays = new ArrayList<>(playbook.plays());
    plays.add(
        new Play.OnCluster(
            "other rebooters",
            List.of(new Item<>(ref(OtherRebooters.NAME), Catalog.otherRebooters()))));
    plays.add(
        new Play.OnCluster("room", List.of(new Item<>(ref(RoomElsewhere.NAME), Catalog.room()))));
    plays.add(onHosts("self reboots", nodes, SelfReboots.NAME, Catalog.selfReboots()));
    plays.add(onHosts("outage", List.of(node), NodeOutage.NAME, step));
    return new Playbook(plays);
  }

  /** The same on a host that is no node. */
  Playbook ofHost(List<Host> hosts, Host host, Step<Target.OnHost> step) {
    var plays = new ArrayList<>(playbook.plays());
    plays.add(onHosts("self reboots", hosts, SelfReboots.NAME, Catalog.selfReboots()));
    plays.add(onHosts("outage", List.of(host), HostOutage.NAME, step));
    return new Playbook(plays);
  }

  private static Play onHosts(
      String name, List<Host> hosts, String step, Step<Target.OnHost> itself) {
    return new Play.OnHosts(name, hosts, 0, List.of(new Item<>(ref(step), itself)));
  }

  Playbook asking(List<Host> hosts, String name, Step<Target.OnHost> look) {
    var plays = new ArrayList<>(playbook.plays());
    plays.add(onHosts(name, hosts, name, look));
    return new Playbook(plays);
  }

  Playbook looking(String name, Step<Target.OnCluster> look) {
    var plays = new ArrayList<>(playbook.plays());
    plays.add(new Play.OnCluster(name, List.of(new Item<>(ref(name), look))));
    return new Playbook(plays);
  }

  /** No step of the playbook is called like one of these. */
  private static StepRef ref(String name) {
    return new StepRef(name, 0, AT);
  }
}
