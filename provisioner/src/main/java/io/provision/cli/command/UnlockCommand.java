package io.provision.cli.command;

import io.provision.cli.option.InventoryOptions;
import io.provision.cli.option.LoginOptions;
import io.provision.cli.option.OutputOptions;
import io.provision.cli.run.Context;
import io.provision.cli.run.Refused;
import io.provision.model.Host;
import io.provision.ssh.HostKeys;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@CommandLine.Command(
    name = "unlock",
    description =
        "Ends the locks of a run that is gone. A run that ended, even by kill -9, has freed"
            + " its locks already; this is for one that hangs, or that was killed while a host"
            + " rebooted, which is kept for it meanwhile. Says who holds each lock and since"
            + " when, and asks.",
    footer = {"", "Example:", "  provision unlock home.yml --limit w1"})
public final class UnlockCommand implements Command {
  @Mixin private InventoryOptions inventory = new InventoryOptions();
  @Mixin private LoginOptions login = new LoginOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  @Option(
      names = {"-y", "--yes"},
      description = "do not ask")
  private boolean yes;

  @Override
  public OutputOptions output() {
    return output;
  }

  @Override
  public Ending run(Context context) throws Refused {
    var read = context.warned(context.program().inputs().read(inventory.input(), Optional.empty()));
    var names =
        inventory.hosts(read.inventory()).stream().map(Host::name).collect(Collectors.toSet());
    var operator = context.display().operator();
    try (var transport = context.program().transport(new HostKeys())) {
      new Unlocking(transport, operator, yes)
          .all(
              login.typed(read.inventory().file(), operator).into(read.inventory()).known().stream()
                  .filter(host -> names.contains(host.name()))
                  .toList())
          .forEach(context.display()::say);
    }
    return Ending.DONE;
  }
}
