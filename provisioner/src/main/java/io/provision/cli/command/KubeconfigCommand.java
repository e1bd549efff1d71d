package io.provision.cli.command;

import io.provision.cli.option.Choice;
import io.provision.cli.option.Limit;
import io.provision.cli.option.OutputOptions;
import io.provision.cli.option.RunOptions;
import io.provision.cli.option.Selection;
import io.provision.cli.run.Context;
import io.provision.cli.run.Refused;
import io.provision.ssh.HostKeys;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

@CommandLine.Command(
    name = "kubeconfig",
    description =
        "Fetches the cluster's kubeconfig, rewrites its server address to one that you can reach,"
            + " and merges it into your own file, of which a backup is kept.",
    footer = {
      "",
      "Example:",
      "  provision kubeconfig home.yml && kubectl --context home get nodes",
      "",
      "Which file and which context: 'kubeconfig: { merge_into: ..., context: ... }' under cluster."
    })
public final class KubeconfigCommand implements Command {
  private static final String STEP = "kubeconfig";
  @Mixin private RunOptions run = new RunOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  @Override
  public OutputOptions output() {
    return output;
  }

  @Override
  public Ending run(Context context) throws Refused {
    var read = run.read(context);
    if (!Selection.stepNames(read.playbook()).contains(STEP)) {
      throw new Refused(
          run.inventory().input().toString(),
          "its playbook has no step '%s', so there is none to fetch".formatted(STEP));
    }
    var choice = new Choice(local(run.choice().limit()), List.of(STEP), List.of(), List.of());
    var request = run.request(choice, read.inventory(), read.playbook(), context);
    var result = context.program().apply(request.trusting(new HostKeys()), Optional.empty());
    return Ending.of(result.report());
  }

  /** Where the kubeconfig is asked for, the operator's own machine is meant too. */
  private static List<String> local(List<String> limit) {
    return limit.isEmpty() ? limit : Stream.concat(limit.stream(), Stream.of(Limit.LOCAL)).toList();
  }
}
