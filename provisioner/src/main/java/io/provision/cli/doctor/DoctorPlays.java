package io.provision.cli.doctor;

import io.provision.engine.event.StepRef;
import io.provision.engine.playbook.Item;
import io.provision.engine.playbook.Play;
import io.provision.engine.playbook.Playbook;
import io.provision.model.Host;
import io.provision.model.Inventory;
import io.provision.model.Position;
import io.provision.step.StatusView;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.step.doctor.Examination;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What a doctor asks, as plays. */
final class DoctorPlays {
  private static final Position AT = new Position("doctor", 1, 1);

  private DoctorPlays() {}

  /**
   * Before a playbook each examination on those whom it concerns, and behind it what a view asks.
   */
  static Playbook around(
      Playbook playbook, Inventory inventory, List<Examination> examinations, StatusView view) {
    var plays = new ArrayList<Play>();
    for (var examination : examinations) {
      var hosts =
          inventory.hosts().stream()
              .filter(host -> examination.concerns(new Target.OnHost(host, inventory)))
              .toList();
      if (!hosts.isEmpty()) {
        plays.add(onHosts(examination.title(), hosts, examination));
      }
    }
    plays.addAll(playbook.plays());
    for (var ask : view.asks(inventory, Set.of())) {
      if (ask instanceof StatusView.Ask.OnHosts on) {
        plays.add(onHosts(on.step(), on.hosts(), on.look()));
      }
    }
    return new Playbook(plays);
  }

  private static Play onHosts(String title, List<Host> hosts, Step<Target.OnHost> look) {
    return new Play.OnHosts(title, hosts, 0, List.of(new Item<>(new StepRef(title, 0, AT), look)));
  }
}
