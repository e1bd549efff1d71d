package io.provision.cli.command;

import io.provision.cli.option.AgreeOption;
import io.provision.cli.option.Choice;
import io.provision.cli.option.Limit;
import io.provision.cli.option.RunOptions;
import io.provision.cli.option.Selection;
import io.provision.cli.run.Context;
import io.provision.cli.run.ExitCode;
import io.provision.cli.run.Inputs;
import io.provision.cli.run.Refused;
import io.provision.cli.run.RunRequest;
import io.provision.console.Problem;
import io.provision.desk.HeldSnapshot;
import io.provision.engine.event.Report;
import io.provision.engine.playbook.Play;
import io.provision.engine.playbook.Playbook;
import io.provision.model.Cluster;
import io.provision.model.Host;
import io.provision.model.Inventory;
import io.provision.model.Role;
import io.provision.ssh.HostKeys;
import io.provision.step.datastore.Datastore;
import io.provision.step.datastore.Restoration;
import io.provision.steps.Catalog;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Begins a cluster again from a snapshot of its datastore: what its control planes still have goes,
 * as a reset takes it; the first one is set up as far as it can be without a cluster, and its
 * datastore made of the snapshot; then all is applied. Killed anywhere, the same begins anew, until
 * the first control plane answers: from then on an apply ends it.
 */
final class EtcdRestore {
  private static final List<String> GONE = List.of("node-leaves", "node-wiped");

  private final RunOptions run;
  private final AgreeOption agree;
  private final Context context;

  EtcdRestore(RunOptions run, AgreeOption agree, Context context) {
    this.run = run;
    this.agree = agree;
    this.context = context;
  }

  Command.Ending of(Path archive, Inputs.Read read, Datastore datastore) throws Refused {
    var inventory = read.inventory();
    var servers = servers(inventory);
    var held = HeldArchive.of(archive, inventory, datastore, context);
    AgreeOption.requireSomebodyToAsk(
        "restore", agree.agreed(), "", context.conversation().operator());
    var before = before(read.playbook(), datastore);
    var all = new Choice(List.of(), List.of(), List.of(), List.of());
    var request = run.request(all, inventory, read.playbook(), context);
    try (var transport = context.program().transport(new HostKeys())) {
      var site =
          new RestoreSite(
              transport,
              datastore,
              host -> Catalog.remains(inventory, host),
              request.options().owner(),
              context.display()::remark);
      var places = places(site, logins(servers, request.inventory()));
      ask(held, places, inventory);
      var first = logins(servers, request.inventory()).getFirst();
      var others = servers.subList(1, servers.size()).stream().map(Host::name).toList();
      site.begin(first, held);
      var gone = wiped(places);
      if (gone.isPresent()) {
        return gone.get();
      }
      site.bring(first, held);
      var prepared =
          applied(run.request(prepares(first, before), inventory, read.playbook(), context));
      if (ExitCode.of(prepared) != ExitCode.DONE) {
        return unfinished(prepared);
      }
      site.datastore(first, others);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Refused(List.of(), ExitCode.INTERRUPTED);
    }
    context
        .display()
        .say(
            "%s: its datastore is that of %s; the cluster begins from it."
                .formatted(servers.getFirst(), HeldArchive.time(held)));
    return whole(applied(request));
  }

  /** Nothing of a cluster is restored in part. */
  private List<Host> servers(Inventory inventory) throws Refused {
    if (run.inventory().hosts(inventory).size() < inventory.known().size()) {
      throw new Refused("--limit", "a cluster is restored as a whole");
    }
    return inventory.with(Role.CONTROL_PLANE);
  }

  /** Names of the steps that set up a server before it begins; GlusterFS needs its other hosts. */
  private List<String> before(Playbook playbook, Datastore datastore) throws Refused {
    var begins = datastore.restoration().beginsWith();
    var names = Selection.stepNames(playbook);
    if (!names.containsAll(GONE) || !names.contains(begins)) {
      throw new Refused(
          run.inventory().input().toString(),
          "its playbook has no steps %s, %s, so that nothing could be restored"
              .formatted(String.join(", ", GONE), begins));
    }
    var before = new LinkedHashSet<String>();
    for (var play : playbook.plays()) {
      for (var name : steps(play)) {
        if (name.equals(begins)) {
          return List.copyOf(before);
        }
        if (!name.startsWith("gluster-")) {
          before.add(name);
        }
      }
    }
    throw new IllegalStateException(begins + " is in the playbook");
  }

  private static List<String> steps(Play play) {
    var items =
        switch (play) {
          case Play.OnHosts on -> on.items();
          case Play.OnCluster on -> on.items();
          case Play.OnDesk on -> on.items();
        };
    return items.stream().map(item -> item.ref().name()).toList();
  }

  private static List<Host> logins(List<Host> servers, Inventory typed) {
    return servers.stream().map(host -> typed.find(host.name()).orElseThrow()).toList();
  }

  /** What each of them has; refused where one lives, or cannot say that it does not. */
  private Map<Host, Restoration.Place> places(RestoreSite site, List<Host> servers)
      throws Refused, InterruptedException {
    var places = site.look(servers);
    var living =
        places.entrySet().stream()
            .filter(it -> it.getValue().answers())
            .map(it -> it.getKey().toString())
            .collect(Collectors.joining(", "));
    if (!living.isEmpty()) {
      throw new Refused(
          List.of(
              Problem.error(
                  living,
                  "the cluster lives: its API server answers. A restore would lose all that came after the snapshot. Where a restore was under way, 'provision apply' does the rest; for one host that does not run well there are 'provision apply' and 'provision remove'; where the whole cluster is to be as it was, first end it: 'provision reset'")),
          ExitCode.UNSAFE);
    }
    return places;
  }

  private void ask(HeldSnapshot held, Map<Host, Restoration.Place> places, Inventory inventory)
      throws Refused {
    var name = inventory.cluster().map(Cluster::name).orElseThrow();
    var lines = new ArrayList<String>();
    lines.add(
        "To be restored: cluster %s, as it was at %s".formatted(name, HeldArchive.time(held)));
    lines.add("  All that came after that is lost, and so is what control planes still have:");
    places.forEach((host, place) -> lines.add("  - %s: %s".formatted(host, told(place))));
    if (agree.agreed()) {
      lines.forEach(context.display()::remark);
      return;
    }
    var agreed =
        context
            .conversation()
            .operator()
            .answer(lines, "Type '%s' to restore it, or nothing to change nothing".formatted(name))
            .filter(name::equals)
            .isPresent();
    if (!agreed) {
      throw new Refused("restore", "it was not agreed to: nothing was changed");
    }
  }

  private static String told(Restoration.Place place) {
    if (place.begun().isPresent()) {
      return "a restore that began and did not end";
    }
    return place.hasDatastore()
        ? "a datastore that does not answer"
        : place.remains().isEmpty() ? "nothing" : "a node without a datastore";
  }

  /** Takes the cluster off control planes; how it ended where it did not. */
  private Optional<Command.Ending> wiped(Map<Host, Restoration.Place> places) throws Refused {
    var held =
        places.entrySet().stream()
            .filter(it -> !it.getValue().remains().isEmpty())
            .map(it -> it.getKey().name().value())
            .toList();
    if (held.isEmpty()) {
      return Optional.empty();
    }
    var read = run.read(context, EtcdRestore::nobodyStays);
    var name = read.inventory().cluster().map(Cluster::name).orElseThrow();
    var choice = new Choice(held, GONE, List.of(), List.of("cluster/" + name));
    var request = run.request(choice, read.inventory(), read.playbook(), context);
    var report = applied(request.agreed(true));
    return ExitCode.of(report) == ExitCode.DONE
        ? Optional.empty()
        : Optional.of(unfinished(report));
  }

  private static Inventory nobodyStays(Inventory inventory) {
    return inventory.without(
        inventory.hosts().stream().map(Host::name).collect(Collectors.toSet()));
  }

  private static Choice prepares(Host first, List<String> steps) {
    return new Choice(List.of(first.name().value(), Limit.LOCAL), steps, List.of(), List.of());
  }

  private Report applied(RunRequest request) throws Refused {
    return context.program().apply(request.trusting(new HostKeys()), Optional.empty()).report();
  }

  private Command.Ending unfinished(Report report) {
    context
        .display()
        .say(
            "The restore did not come to its end. Fix what is said above; the same command goes on.");
    return Command.Ending.of(report);
  }

  private Command.Ending whole(Report report) {
    if (ExitCode.of(report) != ExitCode.DONE) {
      context
          .display()
          .say(
              "Once the first control plane answers, 'provision apply' ends this; before that, the same command begins anew.");
    }
    return Command.Ending.of(report);
  }
}
