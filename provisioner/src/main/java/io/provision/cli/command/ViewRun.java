package io.provision.cli.command;

import io.provision.cli.option.RunOptions;
import io.provision.cli.run.Context;
import io.provision.cli.run.ExitCode;
import io.provision.cli.run.Inputs;
import io.provision.cli.run.Refused;
import io.provision.console.text.Table;
import io.provision.engine.event.Report;
import io.provision.engine.playbook.Playbook;
import io.provision.step.StatusView;
import java.util.List;
import java.util.Optional;

/**
 * A run that asks what one view asks, and nothing else.
 *
 * @param seen what the hosts answered
 */
record ViewRun(StatusView.Seen seen, Report report) {

  /**
   * Looks, and shows the tables.
   *
   * @param nothing why there is nobody to be asked, where that is so
   */
  static ViewRun of(
      StatusView view, String nothing, RunOptions run, Inputs.Read read, Context context)
      throws Refused {
    var inventory = read.inventory();
    var playbook = StatusAsks.behind(new Playbook(List.of()), inventory, List.of(view));
    if (playbook.plays().isEmpty()) {
      throw new Refused(inventory.file().toString(), nothing);
    }
    context.display().onlyCounts();
    var request = run.request(run.choice(), inventory, playbook, context);
    var result = context.program().plan(request.quietly());
    var seen = StatusAsks.seen(inventory, result);
    view.tables(inventory, seen)
        .forEach(
            rows -> context.display().table(rows.title(), new Table(rows.header(), rows.rows())));
    return new ViewRun(seen, result.report());
  }

  /** Of a look that went well, and found that something is wrong. */
  Command.Ending ending(boolean isWell) {
    return ExitCode.of(report) == ExitCode.DONE && !isWell
        ? new Command.Ending(ExitCode.UNSAFE, Optional.empty())
        : Command.Ending.of(report);
  }
}
