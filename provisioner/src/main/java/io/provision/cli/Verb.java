package io.provision.cli;

import io.provision.cli.command.ApplyCommand;
import io.provision.cli.command.CertsCommand;
import io.provision.cli.command.Command;
import io.provision.cli.command.CompletionCommand;
import io.provision.cli.command.EtcdCommand;
import io.provision.cli.command.ExplainCommand;
import io.provision.cli.command.GlusterCommand;
import io.provision.cli.command.HostsCommand;
import io.provision.cli.command.KubeconfigCommand;
import io.provision.cli.command.PlanCommand;
import io.provision.cli.command.RemoveCommand;
import io.provision.cli.command.ResetCommand;
import io.provision.cli.command.RotateCommand;
import io.provision.cli.command.StatusCommand;
import io.provision.cli.command.StepsCommand;
import io.provision.cli.command.UnlockCommand;
import io.provision.cli.command.ValidateCommand;
import io.provision.cli.command.VersionCommand;
import io.provision.cli.doctor.DoctorCommand;
import io.provision.cli.first.InitCommand;
import io.provision.cli.shutdown.StartCommand;
import io.provision.cli.shutdown.StopCommand;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine;

/** The commands, each made only when it is needed: reading its annotations takes time. */
enum Verb {
  APPLY("INVENTORY|PLAN", "brings every host to the declared state", ApplyCommand::new),
  PLAN("INVENTORY", "what apply would do, with diffs; changes nothing", PlanCommand::new),
  INIT("HOST...", "a first inventory, from what hosts say of themselves", InitCommand::new),
  VALIDATE("INVENTORY", "all that is wrong, before any connection", ValidateCommand::new),
  DOCTOR("INVENTORY", "what will go wrong, on hosts and between them", DoctorCommand::new),
  STATUS("INVENTORY", "hosts, nodes, volumes, versions, drift", StatusCommand::new),
  HOSTS("INVENTORY", "hosts, addresses, roles, groups", HostsCommand::new),
  GLUSTER("check INVENTORY", "is GlusterFS whole? safe to take a host down?", GlusterCommand::new),
  CERTS("INVENTORY", "when certificates of nodes end, and who renews them", CertsCommand::new),
  ETCD(
      "snapshot|restore INVENTORY",
      "copies of the datastore, and a cluster that begins again from one",
      EtcdCommand::new),
  KUBECONFIG("INVENTORY", "fetches and merges the cluster's kubeconfig", KubeconfigCommand::new),
  ROTATE("INVENTORY", "reboots nodes that want it, one after another", RotateCommand::new),
  STOP("INVENTORY", "the whole cluster down, in order", StopCommand::new),
  START("INVENTORY", "the whole cluster up again, in order", StartCommand::new),
  REMOVE(
      "INVENTORY HOST...",
      "takes hosts out of the cluster, and the cluster off them",
      RemoveCommand::new),
  RESET("INVENTORY", "takes the whole cluster off its hosts", ResetCommand::new),
  UNLOCK("INVENTORY", "ends a lock whose owner is gone", UnlockCommand::new),
  STEPS("", "the steps that a playbook can name", StepsCommand::new),
  EXPLAIN("STEP|KEY", "what a step does, or a key of the inventory means", ExplainCommand::new),
  COMPLETION("bash|zsh|fish", "a completion script for your shell", CompletionCommand::new),
  VERSION("", "the version of this program", VersionCommand::new);

  private final String arguments;
  private final String summary;
  private final Supplier<Command> command;

  Verb(String arguments, String summary, Supplier<Command> command) {
    this.arguments = arguments;
    this.summary = summary;
    this.command = command;
  }

  /** As it is typed. */
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  String arguments() {
    return arguments;
  }

  String summary() {
    return summary;
  }

  CommandLine line() {
    var line = new CommandLine(command.get());
    line.setCommandName("provision " + key());
    line.setUsageHelpAutoWidth(false);
    line.setUsageHelpWidth(96);
    line.setAbbreviatedOptionsAllowed(false);
    return line;
  }

  static Optional<Verb> of(String typed) {
    return Arrays.stream(values()).filter(verb -> verb.key().equals(typed)).findFirst();
  }

  static List<String> keys() {
    return Arrays.stream(values()).map(Verb::key).toList();
  }
}
