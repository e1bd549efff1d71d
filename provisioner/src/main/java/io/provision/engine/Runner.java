package io.provision.engine;

import io.provision.desk.Desk;
import io.provision.engine.event.HostKeyPrompt;
import io.provision.engine.event.RemovalPrompt;
import io.provision.engine.event.RunEvent;
import io.provision.engine.event.RunListener;
import io.provision.engine.event.RunResult;
import io.provision.engine.event.RunVerb;
import io.provision.engine.event.SavedPlan;
import io.provision.engine.event.TargetName;
import io.provision.engine.playbook.Playbook;
import io.provision.engine.session.ClusterSession;
import io.provision.engine.session.HostKeyPrompts;
import io.provision.engine.session.Interrupt;
import io.provision.kube.Clusters;
import io.provision.model.Cluster;
import io.provision.model.Inventory;
import io.provision.remote.Transport;
import java.time.Instant;
import java.util.HashMap;
import java.util.Optional;

/** Plans and applies playbooks. */
public final class Runner {
  private final Transport transport;
  private final Desk desk;
  private final Clusters clusters;
  private final RunListener listener;
  private final Interrupt interrupt;
  private final HostKeyPrompt prompt;
  private final RemovalPrompt removals;

  public Runner(
      Transport transport,
      Desk desk,
      Clusters clusters,
      RunListener listener,
      Interrupt interrupt,
      HostKeyPrompt prompt) {
    this(transport, desk, clusters, listener, interrupt, prompt, RemovalPrompt.REFUSE);
  }

  /** One that may remove what its operator agrees to. */
  public Runner(
      Transport transport,
      Desk desk,
      Clusters clusters,
      RunListener listener,
      Interrupt interrupt,
      HostKeyPrompt prompt,
      RemovalPrompt removals) {
    this.transport = transport;
    this.desk = desk;
    this.clusters = clusters;
    this.listener = listener;
    this.interrupt = interrupt;
    this.prompt = prompt;
    this.removals = removals;
  }

  /**
   * Checks what can be checked of a playbook without any connection.
   *
   * @throws TaskGraphRefused when a step needs what only a later one provides
   */
  public static void validate(Playbook playbook, Inventory inventory, Options options) {
    var _ = TaskGraph.of(playbook, inventory, options);
  }

  /**
   * Looks at everything and says what apply would do.
   *
   * @param id of the run, for the journal
   */
  public RunResult plan(String id, Inventory inventory, Playbook playbook, Options options)
      throws InterruptedException {
    return run(id, RunVerb.PLAN, inventory, playbook, options, Optional.empty());
  }

  /**
   * Brings about what the playbook says.
   *
   * @param saved the plan to be kept to
   */
  public RunResult apply(
      String id, Inventory inventory, Playbook playbook, Options options, Optional<SavedPlan> saved)
      throws InterruptedException {
    if (options.regardless()) {
      throw new IllegalArgumentException("what comes behind a refusal is not done");
    }
    return run(id, RunVerb.APPLY, inventory, playbook, options, saved);
  }

  private RunResult run(
      String id,
      RunVerb verb,
      Inventory inventory,
      Playbook playbook,
      Options options,
      Optional<SavedPlan> saved)
      throws InterruptedException {
    var graph = TaskGraph.of(playbook, inventory, options);
    var targets = graph.all().filter(Task::selected).map(Task::target).distinct().sorted().toList();
    var steps = (int) graph.all().filter(Task::selected).count();
    var each = new HashMap<TargetName, Integer>();
    graph.all().filter(Task::selected).forEach(task -> each.merge(task.target(), 1, Integer::sum));
    listener.on(new RunEvent.Started(id, verb, targets, steps, Instant.now(), each));
    var waits = new Waits(listener, interrupt, Waits.PATIENCE);
    var line =
        new ClusterSession(
            clusters,
            desk,
            inventory.cluster().flatMap(Cluster::kubeconfig),
            text -> listener.on(new RunEvent.Note(TargetName.CLUSTER, text)));
    try (var survey = new Survey(transport, desk, line, listener, options, waits)) {
      var run = new Run(new Run.Asked(id, verb, graph, options, saved), survey, waits, removals);
      var result = run.go(new HostKeyPrompts(transport, prompt, graph.tasks().size()));
      survey.part();
      listener.on(new RunEvent.Finished(result.report()));
      return result;
    }
  }
}
