package io.provision.cli.run;

import io.provision.engine.Options;
import io.provision.engine.playbook.Playbook;
import io.provision.model.Inventory;
import io.provision.ssh.HostKeys;
import java.time.Duration;

/**
 * One run, as a command wants it.
 *
 * @param id names the run, in the journal and to those who find its locks
 * @param inventory with the passwords that were typed
 * @param hostKeys what is done about keys that are not known
 * @param agreed whether questions before a loss were answered with yes beforehand
 */
public record RunRequest(
    String id,
    Inventory inventory,
    Playbook playbook,
    Options options,
    HostKeys hostKeys,
    boolean agreed,
    Conversation conversation) {

  /** The same, where host keys are taken in another way. */
  public RunRequest trusting(HostKeys keys) {
    return new RunRequest(id, inventory, playbook, options, keys, agreed, conversation);
  }

  /** The same, where questions before a loss are answered with yes, or are asked. */
  public RunRequest agreed(boolean beforehand) {
    return new RunRequest(id, inventory, playbook, options, hostKeys, beforehand, conversation);
  }

  /** The same, of hosts that are about to come, so long at most. */
  public RunRequest awaiting(Duration coming) {
    return new RunRequest(
        id, inventory, playbook, options.awaiting(coming), hostKeys, agreed, conversation);
  }

  /** The same, of a plan in which a step that was refused stands in no other's way. */
  public RunRequest comparingAll() {
    return new RunRequest(
        id, inventory, playbook, options.comparingAll(), hostKeys, agreed, conversation);
  }

  /** Another run like it, of another playbook. */
  public RunRequest next(String otherId, Playbook other) {
    return new RunRequest(otherId, inventory, other, options, hostKeys, agreed, conversation);
  }

  /** The same, telling nobody its events. */
  public RunRequest quietly() {
    return telling(conversation.quiet());
  }

  /** The same, talking in another way. */
  public RunRequest telling(Conversation other) {
    return new RunRequest(id, inventory, playbook, options, hostKeys, agreed, other);
  }
}
