package io.provision.cli;

import java.util.Optional;
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
final class KubeconfigCommand implements Command {
  @Mixin private RunOptions run = new RunOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  @Override
  public OutputOptions output() {
    return output;
  }

  @Override
  public Ending run(Context context) throws Refused {
    var order = run.order(context.display().operator(), false, Optional.empty());
    return Ending.of(context.program().get().kubeconfig(order, context.conversation()));
  }
}
