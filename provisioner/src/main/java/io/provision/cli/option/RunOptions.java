package io.provision.cli.option;

import io.provision.cli.run.Context;
import io.provision.cli.run.Inputs;
import io.provision.cli.run.Refused;
import io.provision.cli.run.RunRequest;
import io.provision.engine.Options;
import io.provision.engine.playbook.Playbook;
import io.provision.model.Inventory;
import io.provision.ssh.HostKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What all commands share that log in to the hosts of an inventory. */
public final class RunOptions {
  @Mixin private InventoryOptions inventory = new InventoryOptions();
  @Mixin private LoginOptions login = new LoginOptions();

  @Option(
      names = "--playbook",
      paramLabel = "FILE",
      description = "instead of the playbook that comes with the distribution")
  private @Nullable Path playbook;

  @Option(names = "--forks", paramLabel = "N", description = "how many hosts are worked on at once")
  private @Nullable Integer forks;

  public InventoryOptions inventory() {
    return inventory;
  }

  public Optional<Path> playbook() {
    return Optional.ofNullable(playbook);
  }

  /** All steps on the hosts that were typed. */
  public Choice choice() {
    return Choice.ALL.limitedTo(inventory.limit());
  }

  /** Reads the inventory and its playbook, and says what in them is worth a warning. */
  public Inputs.Read read(Context context) throws Refused {
    return context.warned(context.program().inputs().read(inventory.input(), playbook()));
  }

  /** As {@link #read(Context)}, of the inventory as this makes it. */
  public Inputs.Read read(Context context, Inputs.Edit edit) throws Refused {
    return context.warned(context.program().inputs().read(inventory.input(), playbook(), edit));
  }

  /** As {@link #read(Context)}, as if hosts of these names were written as leaving. */
  public Inputs.Read read(Context context, Set<String> leaving) throws Refused {
    return context.warned(context.program().inputs().read(inventory.input(), playbook(), leaving));
  }

  /**
   * The inventory and these options as another process is given them, wherever it is started.
   *
   * @throws Refused where somebody would have to be there
   */
  public List<String> unattended() throws Refused {
    var asking = login.asking();
    if (!asking.isEmpty()) {
      throw new Refused(
          String.join(", ", asking),
          "nobody is there who could be asked. write the password into the inventory: ${file:PATH}");
    }
    if (!login.reaching().isEmpty()) {
      throw new Refused(
          String.join(", ", login.reaching()),
          "it would be forgotten. write into the inventory how its hosts are reached: ssh: { vagrant: DIR } or { config: FILE }");
    }
    var file = inventory.input().toAbsolutePath().normalize();
    if (!Files.isRegularFile(file)) {
      throw new Refused(
          inventory.input().toString(), "it is read again each time, and so must be a file");
    }
    var words = new ArrayList<>(List.of(file.toString()));
    playbook()
        .ifPresent(
            it -> words.addAll(List.of("--playbook", it.toAbsolutePath().normalize().toString())));
    if (forks != null) {
      words.addAll(List.of("--forks", forks.toString()));
    }
    if (!inventory.limit().isEmpty()) {
      words.addAll(List.of("--limit", String.join(",", inventory.limit())));
    }
    return words;
  }

  /** A run that looks and writes no host key; passwords are asked for once all else is valid. */
  public RunRequest request(Choice choice, Inventory read, Playbook chosen, Context context)
      throws Refused {
    var id = RunId.fresh();
    var options = options(choice, new Selection(read, chosen), Owner.text(id));
    var conversation = context.conversation();
    return new RunRequest(
        id,
        login.typed(read.file(), conversation.operator()).into(read),
        chosen,
        options,
        HostKeys.forLooking(),
        false,
        conversation);
  }

  /** What of the playbook is chosen; all that is wrong with either is refused. */
  public Options options(Choice choice, Selection selection, String owner) throws Refused {
    if (forks != null && forks < 1) {
      throw new Refused("--forks", "%d is less than 1".formatted(forks));
    }
    var most = forks == null ? Options.USUAL_FORKS : forks;
    return selection.options(choice, most, owner);
  }
}
