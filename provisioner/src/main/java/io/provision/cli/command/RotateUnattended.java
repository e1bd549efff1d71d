package io.provision.cli.command;

import io.provision.cli.option.Choice;
import io.provision.cli.option.RunOptions;
import io.provision.cli.rotation.AskedVariables;
import io.provision.cli.rotation.RotationTimer;
import io.provision.cli.rotation.pod.CronJobCommand;
import io.provision.cli.rotation.pod.CronJobOptions;
import io.provision.cli.run.Context;
import io.provision.cli.run.Inputs;
import io.provision.cli.run.PlainSecrets;
import io.provision.cli.run.Refused;
import io.provision.engine.event.Report;
import io.provision.ssh.Workstation;
import java.util.ArrayList;
import java.util.List;

/**
 * Rotations that start themselves: by a timer of this machine, or in the cluster.
 *
 * @param choosing the options that say whom they reboot, as they are typed
 */
record RotateUnattended(RunOptions run, List<String> choosing) {
  RotateUnattended {
    choosing = List.copyOf(choosing);
  }

  void timer(Context context, Inputs.Read read, boolean remove) throws Refused {
    var where = read.inventory().file().toString();
    if (remove) {
      new RotationTimer(where, read.inventory(), List.of(), List.of()).remove(context);
      return;
    }
    var timers = context.program().timers();
    var words = launched(context, "--install-timer");
    var asked = new AskedVariables(timers.environment());
    var unset = asked.byReading(run.inventory().input(), run.playbook());
    new RotationTimer(where, read.inventory(), words, unset).install(context);
  }

  Report cronJob(Context context, Inputs.Read read, CronJobOptions options, boolean dry)
      throws Refused {
    var trial = List.<String>of();
    var words = List.<String>of();
    if (options.installs()) {
      PlainSecrets.refuse(read.inventory(), read.playbook(), "a ConfigMap of the cluster");
      words = run.unattended();
      trial = dry ? trial : launched(context, "--install-cronjob");
      var asked = new AskedVariables(CronJobCommand.environment(Workstation.current()));
      CronJobCommand.refuseUnset(
          read.inventory(), asked.byReading(run.inventory().input(), run.playbook()));
    }
    var choice = new Choice(List.of(), List.of(CronJobCommand.STEP), List.of(), List.of());
    return new CronJobCommand(options, read, words, choosing)
        .run(
            context,
            playbook -> run.request(choice, read.inventory(), playbook, context),
            dry,
            trial);
  }

  /** The inventory, and the options it is run with. */
  private List<String> words() throws Refused {
    var words = new ArrayList<>(run.unattended());
    words.addAll(choosing);
    return words;
  }

  private List<String> launched(Context context, String option) throws Refused {
    var words = new ArrayList<String>();
    words.add(
        context
            .program()
            .timers()
            .launcher()
            .orElseThrow(() ->
                new Refused(option, "start it by the program 'provision', which it would name"))
            .toString());
    words.add("rotate");
    words.addAll(words());
    return words;
  }
}
