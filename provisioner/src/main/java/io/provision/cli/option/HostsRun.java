package io.provision.cli.option;

import io.provision.cli.run.Context;
import io.provision.cli.run.Refused;
import io.provision.cli.run.RunRequest;
import io.provision.engine.Options;
import io.provision.engine.playbook.Playbook;
import io.provision.model.Inventory;
import io.provision.ssh.HostKeys;

/** A run that looks at hosts which no file names yet. */
public final class HostsRun {
  private HostsRun() {}

  /**
   * @param inventory the hosts, logged in to as they are
   */
  public static RunRequest request(
      LoginOptions login, Inventory inventory, Playbook playbook, Context context) throws Refused {
    var id = RunId.fresh();
    var options =
        new Selection(inventory, playbook).options(Choice.ALL, Options.USUAL_FORKS, Owner.text(id));
    var conversation = context.conversation();
    return new RunRequest(
        id,
        login.typed(inventory.file(), conversation.operator()).into(inventory),
        playbook,
        options,
        HostKeys.forLooking(),
        false,
        conversation);
  }
}
