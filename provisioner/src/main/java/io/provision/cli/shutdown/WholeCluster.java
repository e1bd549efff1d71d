package io.provision.cli.shutdown;

import io.provision.cli.option.RunOptions;
import io.provision.cli.run.Context;
import io.provision.cli.run.Inputs;
import io.provision.cli.run.Refused;
import io.provision.cli.run.RunRequest;
import io.provision.engine.event.StepRef;
import io.provision.engine.playbook.Item;
import io.provision.engine.playbook.Play;
import io.provision.engine.playbook.Playbook;
import io.provision.model.Inventory;
import io.provision.model.Position;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.Catalog;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What is done to all hosts of an inventory, or to none. */
record WholeCluster(RunOptions run, String verb) {

  Inputs.Read read(Context context) throws Refused {
    var read = run.read(context);
    var inventory = read.inventory();
    if (run.inventory().hosts(inventory).size() < inventory.known().size()) {
      throw new Refused(
          "--limit", "all hosts of a cluster go down and come up together, or none does");
    }
    var hasNodes = inventory.cluster().filter(it -> it.distribution().isKubernetes()).isPresent();
    if (!hasNodes && Catalog.gluster().nothing(inventory).isPresent()) {
      throw new Refused(
          run.inventory().input().toString(),
          "it describes neither Kubernetes nor volumes of GlusterFS: there is no order in which its"
              + " hosts would have to go down");
    }
    return read;
  }

  RunRequest request(Inventory inventory, Map<String, Step<Target.OnHost>> steps, Context context)
      throws Refused {
    return run.request(run.choice(), inventory, playbook(inventory, steps), context);
  }

  /** One batch of all: none is begun with before all have answered and are locked. */
  private Playbook playbook(Inventory inventory, Map<String, Step<Target.OnHost>> steps) {
    var items = new ArrayList<Item<Target.OnHost>>();
    var at = new Position("provision " + verb, 1, 1);
    steps.forEach((name, step) -> items.add(new Item<>(new StepRef(name, items.size(), at), step)));
    var hosts = inventory.hosts();
    return new Playbook(List.of(new Play.OnHosts(verb, hosts, hosts.size(), items)));
  }
}
