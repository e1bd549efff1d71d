package io.provision.cli.rotation;

import io.provision.cli.run.Refused;
import io.provision.model.Inventory;
import io.provision.model.rotation.HostUpdate;
import io.provision.model.rotation.RotationChoice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What a rotation is allowed, and is to run on each host besides. */
public final class RebootOptions {
  @Option(
      names = "--without-room",
      description =
          "also nodes with pods that have no room on any other: those wait until it is back")
  private boolean withoutRoom;

  @Option(
      names = "--without-api",
      description =
          "also the only control plane, or one of two: Kubernetes has no API while it is away")
  private boolean withoutApi;

  @Option(
      names = "--upgrade",
      description =
          "upgrade packages between drain and reboot, also of hosts that want no reboot yet: as"
              + " 'apt upgrade' does it, by the package lists that are there")
  private boolean upgrade;

  @Option(
      names = "--command",
      paramLabel = "COMMAND",
      description =
          "run this on each host between drain and reboot, as root, in a shell; where it fails the"
              + " host is given back and not rebooted")
  private Optional<String> command = Optional.empty();

  @Option(
      names = "--command-plan",
      paramLabel = "COMMAND",
      description =
          "with --command: prints what that would do and changes nothing; hosts on which it prints"
              + " anything go too")
  private Optional<String> plan = Optional.empty();

  /** The first of these that is given. */
  public Optional<String> given() {
    return words().stream().findFirst();
  }

  /** As they were typed. */
  public List<String> words() {
    var words = new ArrayList<String>();
    if (withoutRoom) {
      words.add("--without-room");
    }
    if (withoutApi) {
      words.add("--without-api");
    }
    if (upgrade) {
      words.add("--upgrade");
    }
    command.ifPresent(it -> words.addAll(List.of("--command", it)));
    plan.ifPresent(it -> words.addAll(List.of("--command-plan", it)));
    return words;
  }

  /**
   * @throws Refused where they do not go together, or not with what this inventory describes
   */
  public RotationChoice choice(Inventory inventory) throws Refused {
    if (inventory.nodes().isEmpty()) {
      if (withoutRoom) {
        throw new Refused(
            "--without-room", "the inventory describes no Kubernetes, whose pods could have none");
      }
      if (withoutApi) {
        throw new Refused(
            "--without-api", "the inventory describes no Kubernetes, which could have none");
      }
    }
    return new RotationChoice(withoutRoom, withoutApi, update());
  }

  private Optional<HostUpdate> update() throws Refused {
    if (plan.isPresent() && command.isEmpty()) {
      throw new Refused("--command-plan", "it says what --command would do, which is not there");
    }
    if (upgrade) {
      if (command.isPresent()) {
        throw new Refused("--upgrade", "it goes not with --command: write both into that command");
      }
      return Optional.of(new HostUpdate.Packages());
    }
    try {
      return command.map(it -> new HostUpdate.Command(it, plan));
    } catch (IllegalArgumentException e) {
      throw new Refused("--command", String.valueOf(e.getMessage()));
    }
  }
}
