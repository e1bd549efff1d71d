package io.provision.cli.option;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Which steps of the playbook a command is about. */
public final class StepOptions {
  @Option(names = "--only", paramLabel = "STEP", split = ",", description = "only these steps")
  private List<String> only = new ArrayList<>();

  @Option(names = "--skip", paramLabel = "STEP", split = ",", description = "all but these steps")
  private List<String> skip = new ArrayList<>();

  /** These steps on the hosts of a choice. */
  public Choice of(Choice hosts) {
    return new Choice(hosts.limit(), only, skip, hosts.remove());
  }
}
