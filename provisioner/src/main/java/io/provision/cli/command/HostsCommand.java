package io.provision.cli.command;

import io.provision.cli.option.InventoryOptions;
import io.provision.cli.option.OutputOptions;
import io.provision.cli.run.Context;
import io.provision.cli.run.Refused;
import io.provision.console.text.Table;
import io.provision.model.Host;
import io.provision.model.Inventory;
import io.provision.model.Role;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

@CommandLine.Command(
    name = "hosts",
    description =
        "Lists the hosts of an inventory, or those that --limit leaves, with the address they are"
            + " reached at, their roles and their groups. Connects to nothing.",
    footer = {
      "",
      "Examples:",
      "  provision hosts home.yml",
      "  provision hosts home.yml --limit 'worker,!w1'    which ones would that be?"
    })
public final class HostsCommand implements Command {
  @Mixin private InventoryOptions inventory = new InventoryOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  @Override
  public OutputOptions output() {
    return output;
  }

  @Override
  public Ending run(Context context) throws Refused {
    var read = context.warned(context.program().inputs().read(inventory.input(), Optional.empty()));
    var rows =
        inventory.hosts(read.inventory()).stream().map(it -> row(it, read.inventory())).toList();
    context
        .display()
        .table("hosts", new Table(List.of("host", "address", "roles", "groups"), rows));
    return Ending.DONE;
  }

  private static List<String> row(Host host, Inventory inventory) {
    return List.of(
        host.name().value(),
        host.address().toString(),
        host.roles().stream().sorted().map(Role::key).collect(Collectors.joining(",")),
        inventory.groups().entrySet().stream()
            .filter(group -> group.getValue().contains(host.name()))
            .map(Map.Entry::getKey)
            .collect(Collectors.joining(",")));
  }
}
