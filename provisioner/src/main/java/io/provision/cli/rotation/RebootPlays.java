package io.provision.cli.rotation;

import io.provision.engine.event.StepRef;
import io.provision.engine.playbook.Item;
import io.provision.engine.playbook.Play;
import io.provision.engine.playbook.Playbook;
import io.provision.model.Inventory;
import io.provision.model.Position;
import io.provision.model.rotation.RotationChoice;
import io.provision.step.Target;
import io.provision.steps.Catalog;
import io.provision.steps.kubernetes.placement.RoomElsewhere;
import io.provision.steps.kubernetes.rotation.NodeReboot;
import io.provision.steps.kubernetes.rotation.OtherRebooters;
import io.provision.steps.rotation.SelfReboots;
import java.util.ArrayList;
import java.util.List;

/** What a rotation has done: on nodes, then on the hosts that are none. */
public final class RebootPlays {
  private static final Position AT = new Position("provision rotate", 1, 1);

  private final Inventory inventory;
  private final RotationChoice choice;

  public RebootPlays(Inventory inventory, RotationChoice choice) {
    this.inventory = inventory;
    this.choice = choice;
  }

  /** The names of all that is done; nothing else of the inventory is brought about. */
  public List<String> steps() {
    var names = new ArrayList<String>();
    if (!inventory.nodes().isEmpty()) {
      names.add(NodeReboot.NAME);
    }
    if (!inventory.otherThanNodes().isEmpty()) {
      names.addAll(Catalog.hostReboots(choice).keySet());
    }
    return names;
  }

  /** Behind all that tells how the cluster is. */
  public Playbook behind(Playbook playbook) {
    var plays = new ArrayList<>(playbook.plays());
    var index = playbook.plays().stream().mapToInt(RebootPlays::count).sum();
    var nodes = inventory.nodes();
    if (!nodes.isEmpty()) {
      var other = new StepRef(OtherRebooters.NAME, index++, AT);
      plays.add(
          new Play.OnCluster(
              "other rebooters", List.of(new Item<>(other, Catalog.otherRebooters()))));
      var room = new StepRef(RoomElsewhere.NAME, index++, AT);
      plays.add(new Play.OnCluster("room", List.of(new Item<>(room, Catalog.room()))));
      var own = new StepRef(SelfReboots.NAME, index++, AT);
      var ref = new StepRef(NodeReboot.NAME, index++, AT);
      plays.add(
          new Play.OnHosts(
              "reboots",
              nodes,
              0,
              List.of(
                  new Item<>(own, Catalog.selfReboots()),
                  new Item<>(ref, Catalog.reboot(choice)))));
    }
    var others = inventory.otherThanNodes();
    if (!others.isEmpty()) {
      var items = new ArrayList<Item<Target.OnHost>>();
      var own = new StepRef(SelfReboots.NAME, index++, AT);
      items.add(new Item<>(own, Catalog.selfReboots()));
      for (var step : Catalog.hostReboots(choice).entrySet()) {
        items.add(new Item<>(new StepRef(step.getKey(), index++, AT), step.getValue()));
      }
      plays.add(new Play.OnHosts("reboots of hosts that are no nodes", others, 0, items));
    }
    return new Playbook(plays);
  }

  private static int count(Play play) {
    return switch (play) {
      case Play.OnHosts on -> on.items().size();
      case Play.OnCluster on -> on.items().size();
      case Play.OnDesk on -> on.items().size();
    };
  }
}
