package io.provision.cli.command;

import io.provision.cli.Completion;
import io.provision.cli.option.OutputOptions;
import io.provision.cli.run.Context;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@CommandLine.Command(
    name = "completion",
    description =
        "Prints a completion script for bash, zsh or fish. It knows commands, options, steps, keys, and"
            + " the hosts and groups of the inventory on the line.",
    footer = {
      "",
      "Examples:",
      "  source <(provision completion bash)             for this shell",
      "  provision completion zsh > ~/.provision.zsh     and 'source ~/.provision.zsh' in ~/.zshrc",
      "  provision completion fish > ~/.config/fish/completions/provision.fish"
    })
public final class CompletionCommand implements Command {
  /** As typed. */
  public enum Shell {
    bash(
        """
        _provision() {
          local IFS=$'\\n'
          COMPREPLY=($("${COMP_WORDS[0]}" __complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
        }
        complete -o default -F _provision provision
        """),
    zsh(
        """
        (( $+functions[compdef] )) || { autoload -Uz compinit && compinit; }
        _provision() {
          local -a found
          found=("${(@f)$("${words[1]}" __complete "${(@)words[2,CURRENT]}" 2>/dev/null)}")
          if [[ -n ${found[1]} ]]; then compadd -- "${found[@]}"; else _files; fi
        }
        compdef _provision provision
        """),
    fish(
        """
        complete -c provision -a '(provision __complete (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null)'
        """);

    private final String script;

    Shell(String script) {
      this.script = script;
    }

    public String script() {
      return script;
    }
  }

  @Mixin private OutputOptions output = new OutputOptions();

  @Parameters(paramLabel = "bash|zsh|fish", arity = "1", description = "the shell")
  private Shell shell = Shell.bash;

  @Override
  public OutputOptions output() {
    return output;
  }

  /** What fits is asked of the program itself, see {@link Completion}. */
  @Override
  public Ending run(Context context) {
    context.display().raw(shell.script());
    return Ending.DONE;
  }
}
