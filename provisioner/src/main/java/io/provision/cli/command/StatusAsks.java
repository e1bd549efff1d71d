package io.provision.cli.command;

import io.provision.engine.event.Outcome;
import io.provision.engine.event.RunResult;
import io.provision.engine.event.StepRef;
import io.provision.engine.event.TargetName;
import io.provision.engine.playbook.Item;
import io.provision.engine.playbook.Play;
import io.provision.engine.playbook.Playbook;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.model.Position;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.StatusView;
import io.provision.step.Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What areas ask for a status, as plays behind a playbook, and what a run saw for them. */
final class StatusAsks {
  private static final Position AT = new Position("status", 1, 1);

  private StatusAsks() {}

  /** The playbook, and behind it what the areas ask besides: hosts first, then the cluster. */
  static Playbook behind(Playbook playbook, Inventory inventory, List<StatusView> views) {
    var provided = provided(playbook, inventory);
    var hosts = new ArrayList<Play>();
    var cluster = new ArrayList<Play>();
    for (var view : views) {
      for (var ask : view.asks(inventory, provided)) {
        var ref = new StepRef(ask.step(), 0, AT);
        switch (ask) {
          case StatusView.Ask.OnHosts on ->
              hosts.add(
                  new Play.OnHosts(on.title(), on.hosts(), 0, List.of(new Item<>(ref, on.look()))));
          case StatusView.Ask.OnCluster on ->
              cluster.add(new Play.OnCluster(on.title(), List.of(new Item<>(ref, on.look()))));
        }
      }
    }
    if (hosts.isEmpty() && cluster.isEmpty()) {
      return playbook;
    }
    var plays = new ArrayList<Play>(playbook.plays());
    plays.addAll(hosts);
    plays.addAll(cluster);
    return new Playbook(plays);
  }

  /** The outputs of the playbook's steps on hosts. */
  private static Set<Output<?>> provided(Playbook playbook, Inventory inventory) {
    var provided = new HashSet<Output<?>>();
    for (var play : playbook.plays()) {
      if (play instanceof Play.OnHosts on) {
        for (var host : on.hosts()) {
          var target = new Target.OnHost(host, inventory);
          on.items().forEach(item -> provided.addAll(item.step().provides(target)));
        }
      }
    }
    return provided;
  }

  static StatusView.Seen seen(Inventory inventory, RunResult result) {
    var hosts = new HashMap<HostName, Observed>();
    for (var host : inventory.hosts()) {
      var own = result.seen().get(TargetName.of(host.name()));
      if (own != null) {
        hosts.put(host.name(), own);
      }
    }
    var unasked = new HashMap<String, String>();
    for (var finding : result.plan().findings()) {
      if (finding.target().equals(TargetName.CLUSTER)) {
        unasked.putIfAbsent(finding.step().name(), why(finding.outcome()));
      }
    }
    return new StatusView.Seen(
        hosts,
        Optional.ofNullable(result.seen().get(TargetName.CLUSTER)),
        result.report().targets().containsKey(TargetName.CLUSTER),
        unasked);
  }

  private static String why(Outcome outcome) {
    return "the cluster's API was not asked: "
        + switch (outcome) {
          case Outcome.Skipped(var reason) -> reason;
          case Outcome.Pending(var awaiting, _) -> "first comes " + awaiting;
          case Outcome.Failed(var failure) -> failure.what();
          case Outcome.Unreachable(var failure) -> failure.what();
          case Outcome.Lost(var failure) -> failure.what();
          case Outcome.Ok _, Outcome.Changed _, Outcome.WouldChange _, Outcome.Leaving _ ->
              "see 'provision plan'";
        };
  }
}
