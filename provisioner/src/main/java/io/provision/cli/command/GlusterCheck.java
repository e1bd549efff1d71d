package io.provision.cli.command;

import io.provision.cli.option.Suggestion;
import io.provision.cli.run.Refused;
import io.provision.engine.event.Finding;
import io.provision.engine.event.Outcome;
import io.provision.engine.event.RunResult;
import io.provision.engine.event.StepRef;
import io.provision.engine.playbook.Item;
import io.provision.engine.playbook.Play;
import io.provision.engine.playbook.Playbook;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.model.Position;
import io.provision.step.SafetyCheck;
import io.provision.step.Target;
import io.provision.steps.Catalog;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The gate of GlusterFS as a playbook of its own, and what its look came to. */
final class GlusterCheck {
  private static final SafetyCheck CHECK = Catalog.gluster();
  private static final String GATE = CHECK.asks(Optional.empty()).getLast().step();

  private GlusterCheck() {}

  /** Whether all is healthy, and what is to be said of it, a line each. */
  record Gate(boolean healthy, List<String> says) {
    Gate {
      says = List.copyOf(says);
    }
  }

  static Playbook playbook(Inventory inventory, Optional<String> without) throws Refused {
    var nothing = CHECK.nothing(inventory);
    if (nothing.isPresent()) {
      throw new Refused(inventory.file().toString(), nothing.get());
    }
    var items = new ArrayList<Item<Target.OnHost>>();
    for (var ask : CHECK.asks(host(inventory, without))) {
      var at = new Position("gluster check", 1, 1);
      items.add(new Item<>(new StepRef(ask.step(), items.size(), at), ask.look()));
    }
    return new Playbook(
        List.of(new Play.OnHosts("gluster check", CHECK.members(inventory), 0, items)));
  }

  private static Optional<HostName> host(Inventory inventory, Optional<String> without)
      throws Refused {
    if (without.isEmpty()) {
      return Optional.empty();
    }
    var found =
        CHECK.members(inventory).stream()
            .filter(host -> host.name().value().equals(without.get()))
            .findFirst();
    if (found.isEmpty()) {
      throw new Refused(
          "--without",
          "no host with role storage is named '%s'%s"
              .formatted(
                  without.get(),
                  Suggestion.of(
                      without.get(),
                      CHECK.members(inventory).stream()
                          .map(host -> host.name().value())
                          .toList())));
    }
    return Optional.of(found.get().name());
  }

  static Gate gate(RunResult result, Optional<String> without) {
    var healthy =
        result.seen().keySet().stream()
            .anyMatch(it -> "healthy".equals(result.shown(it).get(GATE)));
    var asked = without.map(host -> " without " + host).orElse("");
    if (healthy) {
      return new Gate(true, List.of("healthy%s".formatted(asked)));
    }
    var says = new ArrayList<String>();
    result.plan().findings().stream()
        .filter(finding -> finding.step().name().equals(GATE))
        .map(Finding::outcome)
        .filter(Outcome.Failed.class::isInstance)
        .map(Outcome.Failed.class::cast)
        .forEach(failed -> failed.failure().what().lines().map(it -> "  " + it).forEach(says::add));
    if (says.isEmpty()) {
      says.add("  no storage host reported its state");
    }
    says.addFirst("not healthy%s:".formatted(asked));
    return new Gate(false, says);
  }
}
