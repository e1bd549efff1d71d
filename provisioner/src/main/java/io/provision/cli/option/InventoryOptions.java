package io.provision.cli.option;

import io.provision.cli.run.Refused;
import io.provision.console.Problem;
import io.provision.engine.event.TargetName;
import io.provision.model.Host;
import io.provision.model.Inventory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What all commands share that read an inventory. */
public final class InventoryOptions {
  @Parameters(
      paramLabel = "INVENTORY",
      arity = "1",
      description = "the YAML file that names your hosts")
  private Path input = Path.of("");

  @Option(
      names = "--limit",
      paramLabel = "HOSTS",
      split = ",",
      description =
          "only these hosts and groups: w1,w2, a glob (w*), all but one (!w1). The cluster's API and"
              + " this machine are changed where they are named too: w1,cluster,local")
  private List<String> limit = new ArrayList<>();

  public Path input() {
    return input;
  }

  List<String> limit() {
    return List.copyOf(limit);
  }

  /** The hosts that the limit leaves, in the order of the inventory; also those that leave it. */
  public List<Host> hosts(Inventory inventory) throws Refused {
    var problems = new ArrayList<Problem>();
    var targets = Limit.of(limit, inventory, problems);
    if (!problems.isEmpty()) {
      throw new Refused(problems);
    }
    return inventory.known().stream()
        .filter(host -> targets.map(set -> set.contains(TargetName.of(host.name()))).orElse(true))
        .toList();
  }
}
