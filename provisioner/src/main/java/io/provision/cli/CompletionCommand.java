package io.provision.cli;

import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@CommandLine.Command(
    name = "completion",
    description = "Prints a completion script for bash or zsh.",
    footer = {
      "",
      "Examples:",
      "  source <(provision completion bash)             for this shell",
      "  provision completion zsh > ~/.provision.zsh     and 'source ~/.provision.zsh' in ~/.zshrc"
    })
final class CompletionCommand implements Command {
  /** As typed. */
  enum Shell {
    bash,
    zsh
  }

  @Mixin private OutputOptions output = new OutputOptions();

  @Parameters(paramLabel = "bash|zsh", arity = "1", description = "the shell")
  private Shell shell = Shell.bash;

  @Override
  public OutputOptions output() {
    return output;
  }

  /** picocli's script serves both: in zsh it switches bash's completion on. */
  @Override
  public Ending run(Context context) {
    var root = new CommandLine(CommandLine.Model.CommandSpec.create().name("provision"));
    for (var verb : Verb.values()) {
      root.addSubcommand(verb.key(), verb.line());
    }
    for (var script : new String[] {"lab", "demo", "test"}) {
      root.addSubcommand(
          script, new CommandLine(CommandLine.Model.CommandSpec.create().name(script)));
    }
    context.display().raw("# for " + shell + "\n" + AutoComplete.bash("provision", root));
    return Ending.DONE;
  }
}
