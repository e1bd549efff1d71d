package io.provision.cli.command;

import io.provision.cli.option.AgreeOption;
import io.provision.cli.option.Choice;
import io.provision.cli.option.OutputOptions;
import io.provision.cli.option.RunOptions;
import io.provision.cli.option.Selection;
import io.provision.cli.run.Context;
import io.provision.cli.run.Refused;
import io.provision.model.Cluster;
import io.provision.model.Host;
import io.provision.model.Inventory;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

@CommandLine.Command(
    name = "reset",
    description = {
      "Takes the whole cluster off its hosts: Kubernetes with its datastore and all objects is"
          + " deleted. It asks for the cluster's name.",
      "GlusterFS with its volumes stays, and so do packages, and files of local volumes where the"
          + " distribution keeps them apart."
    },
    footer = {"", "Example:", "  provision reset home.yml"})
public final class ResetCommand implements Command {
  /** Nothing of the cluster is asked: it need not answer any more. */
  private static final List<String> STEPS = List.of("node-leaves", "node-wiped");

  @Mixin private RunOptions run = new RunOptions();
  @Mixin private OutputOptions output = new OutputOptions();
  @Mixin private AgreeOption agree = new AgreeOption();

  @Override
  public OutputOptions output() {
    return output;
  }

  @Override
  public Ending run(Context context) throws Refused {
    AgreeOption.requireSomebodyToAsk(
        "reset", agree.agreed(), "", context.conversation().operator());
    var read = run.read(context, this::leaving);
    if (!Selection.stepNames(read.playbook()).containsAll(STEPS)) {
      throw new Refused(
          run.inventory().input().toString(),
          "its playbook has no steps %s, so that nothing would be deleted"
              .formatted(String.join(", ", STEPS)));
    }
    var name = read.inventory().cluster().map(Cluster::name).orElseThrow();
    var choice = new Choice(List.of(), STEPS, List.of(), List.of("cluster/" + name));
    var request = run.request(choice, read.inventory(), read.playbook(), context);
    return Ending.of(agree.apply(request, context));
  }

  private Inventory leaving(Inventory inventory) throws Refused {
    var file = run.inventory().input().toString();
    if (inventory.cluster().filter(it -> it.distribution().isKubernetes()).isEmpty()) {
      throw new Refused(file, "it describes no Kubernetes, so that there is nothing to take away");
    }
    if (run.inventory().hosts(inventory).size() < inventory.known().size()) {
      throw new Refused(
          "--limit", "a cluster is reset as a whole. single hosts go by 'provision remove'");
    }
    return inventory.without(
        inventory.hosts().stream().map(Host::name).collect(Collectors.toSet()));
  }
}
