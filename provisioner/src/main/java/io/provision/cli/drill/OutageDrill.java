package io.provision.cli.drill;

import io.provision.cli.option.Choice;
import io.provision.cli.option.RunOptions;
import io.provision.cli.option.Suggestion;
import io.provision.cli.run.Context;
import io.provision.cli.run.ExitCode;
import io.provision.cli.run.Inputs;
import io.provision.cli.run.Refused;
import io.provision.console.Problem;
import io.provision.desk.DeskException;
import io.provision.desk.PowerSwitch;
import io.provision.engine.event.Report;
import io.provision.model.Host;
import io.provision.model.Inventory;
import io.provision.model.power.Power;
import io.provision.ssh.HostKeys;
import io.provision.step.Repair;
import io.provision.steps.Catalog;
import io.provision.steps.kubernetes.rotation.NodeOutage;
import io.provision.steps.rotation.HostOutage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The drill: the power of one host is cut, and what is away by that is written down. All that can
 * be refused is, before anything stops. One that an earlier run has left without power is given it
 * again, and taken back into use.
 *
 * @param most how long it is without power
 * @param agreed whether nobody is asked before
 */
public record OutageDrill(RunOptions run, String name, Duration most, boolean agreed) {
  private static final String OPTION = "--kill";

  /** A machine may test its memory first. */
  private static final Duration COMING = Duration.ofMinutes(15);

  /** Five minutes until pods of a node that is gone are evicted, and what they take to come up. */
  public static final Duration USUAL = Duration.ofMinutes(8);

  /** The host is kept for this run as long as it takes. */
  public static final Duration LONGEST = Duration.ofDays(1);

  /** How it ended. */
  public Report run(Context context, Inputs.Read read) throws Refused {
    var inventory = read.inventory();
    var host = host(inventory);
    var declared =
        Power.of(host)
            .orElseThrow(() ->
                new Refused(
                    OPTION,
                    "%s has no 'power' in the inventory, by which it could be given again. see 'power' in the README"
                        .formatted(host)));
    if (!run.choice().limit().isEmpty()) {
      throw new Refused("--limit", "the other hosts have to be there, and are asked");
    }
    try {
      var power = context.program().power(inventory, declared);
      return switch (power.state()) {
        case ON -> killed(context, read, host, power);
        case OFF -> leftOff(context, read, host, power);
        case BETWEEN ->
            throw unsafe("its power is neither on nor off: nothing was cut. see what it does");
      };
    } catch (DeskException e) {
      throw unsafe(
          "its power could not be asked, and nothing was cut: %s. %s"
              .formatted(e.what(), e.remedy()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Refused(List.of(), ExitCode.INTERRUPTED);
    }
  }

  private Refused unsafe(String what) {
    return new Refused(List.of(Problem.error(name, what)), ExitCode.UNSAFE);
  }

  private Host host(Inventory inventory) throws Refused {
    var names = inventory.hosts().stream().map(it -> it.name().value()).toList();
    var host =
        inventory.hosts().stream()
            .filter(it -> it.name().value().equals(name))
            .findFirst()
            .orElseThrow(() ->
                new Refused(
                    OPTION,
                    "there is no host '%s' in the inventory%s"
                        .formatted(name, Suggestion.of(name, names))));
    if (names.size() < 2) {
      throw new Refused(OPTION, "there is one host, and nobody would be left to look at");
    }
    if (inventory.nodes().equals(List.of(host))) {
      throw new Refused(OPTION, "there is one node, and nobody would take its pods over");
    }
    return host;
  }

  private static boolean isNode(Inventory inventory, Host host) {
    return inventory.nodes().contains(host);
  }

  private Report killed(Context context, Inputs.Read read, Host host, PowerSwitch power)
      throws Refused {
    ask(
        context,
        List.of(
            "The power of %s is to be cut under all that runs on it.".formatted(name),
            "  What is in its memory and not on its disks is lost, as when its plug is pulled."),
        "Type '%s' to cut it, or nothing to change nothing".formatted(name));
    var drill = new PowerDrill(HostLooks.of(read.inventory(), host), power, most);
    var longest = PowerDrill.longest(most);
    var report = applied(context, read, host, Optional.of(drill), longest, Duration.ZERO);
    show(context, drill, ExitCode.of(report) == ExitCode.DONE);
    return report;
  }

  private void show(Context context, PowerDrill drill, boolean isBack) {
    var display = context.display();
    drill
        .pods()
        .map(it -> new OutageTable(name, it))
        .ifPresent(table -> {
          display.table("workloads that had pods on " + name, table.workloads());
          if (!table.volumes().rows().isEmpty()) {
            display.table("volumes", table.volumes());
          }
          table.says().forEach(display::say);
        });
    drill
        .record()
        .ifPresent(record -> {
          var table = new HostTable(name, record);
          if (!record.volumes().isEmpty()) {
            display.table("volumes of GlusterFS without " + name, table.volumes());
          }
          table.says(record.passed(), isBack).forEach(display::say);
          if (!isBack) {
            display.say(
                "%s is not back in use. Fix what is said above; the same command takes it back."
                    .formatted(name));
          }
        });
  }

  private void ask(Context context, List<String> lines, String question) throws Refused {
    if (agreed) {
      return;
    }
    var operator = context.conversation().operator();
    if (!operator.present()) {
      throw new Refused(
          OPTION,
          "nobody can be asked to confirm it: standard input and output must be a terminal. In"
              + " scripts add --yes");
    }
    if (operator.answer(lines, question).filter(name::equals).isEmpty()) {
      throw new Refused(OPTION, "it was not agreed to: nothing was changed");
    }
  }

  /** By a drill that was killed, or by somebody who has his reasons: the others tell. */
  private Report leftOff(Context context, Inputs.Read read, Host host, PowerSwitch power)
      throws Refused, DeskException, InterruptedException {
    var left = new LeftWithoutPower(run, host).by(context, isNode(read.inventory(), host));
    ask(
        context,
        List.of("%s has no power: %s.".formatted(name, left)),
        "Type '%s' to give it power and to take it back into use, or nothing to change nothing"
            .formatted(name));
    context.display().say("%s: %s; it is given power again".formatted(name, left));
    power.on();
    return applied(context, read, host, Optional.empty(), Duration.ZERO, COMING);
  }

  private Report applied(
      Context context,
      Inputs.Read read,
      Host host,
      Optional<Repair.PowerOutage> outage,
      Duration longest,
      Duration coming)
      throws Refused {
    var inventory = read.inventory();
    var plays = new DrillPlays(read.playbook());
    var isNode = isNode(inventory, host);
    var playbook =
        isNode
            ? plays.ofNode(inventory.nodes(), host, Catalog.outage(outage, longest))
            : plays.ofHost(inventory.hosts(), host, Catalog.hostOutage(outage, longest));
    var choice =
        new Choice(
            List.of(), List.of(isNode ? NodeOutage.NAME : HostOutage.NAME), List.of(), List.of());
    var request = run.request(choice, inventory, playbook, context).trusting(new HostKeys());
    return context
        .program()
        .apply(coming.isZero() ? request : request.awaiting(coming), Optional.empty())
        .report();
  }
}
