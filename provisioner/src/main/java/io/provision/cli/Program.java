package io.provision.cli;

import io.provision.console.Problem;
import io.provision.console.Table;
import io.provision.engine.Report;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * What the commands ask of the rest of the program. {@link Wiring} provides it; the commands know
 * neither loader nor engine.
 */
interface Program {

  /** Errors and warnings of the inventory and its playbook; connects to nothing. */
  List<Problem> validate(Order order);

  Report plan(Order order, Conversation conversation) throws Refused;

  Report apply(Order order, Conversation conversation) throws Refused;

  /** Brings about what the playbook says of kubeconfigs, and nothing else. */
  Report kubeconfig(Order order, Conversation conversation) throws Refused;

  Status status(Order order, Conversation conversation) throws Refused;

  /** Whether GlusterFS is whole, and stays usable without a host of this name. */
  Gate gluster(Order order, Optional<String> without, Conversation conversation) throws Refused;

  /** Ends locks whose owner is gone; asks for each. Answers with what was done, a line each. */
  List<String> unlock(Order order, Conversation conversation) throws Refused;

  /** Every step that a playbook can name, in the order of names. */
  List<StepHelp> steps();

  /** Whether all is healthy, a line a reason where it is not, and the run that looked. */
  record Gate(boolean healthy, List<String> says, Report report) {
    public Gate {
      says = List.copyOf(says);
    }
  }

  /** One screen: tables by their titles, and the run that looked. */
  record Status(SequencedMap<String, Table> tables, Report report) {}
}
