package io.provision.cli;

import io.provision.cli.run.ExitCode;

/** What {@code provision --help} says; needs no parser. */
final class RootHelp {
  private RootHelp() {}

  static String text() {
    var text = new StringBuilder();
    text.append(
        """
        Usage: provision COMMAND [OPTIONS]

        Brings bare hosts to the state that a YAML inventory declares, over plain SSH:
        nothing is installed on them but what the inventory asks for.

        Commands:
        """);
    for (var verb : Verb.values()) {
      text.append("  %-26s %s%n".formatted(verb.key() + " " + verb.arguments(), verb.summary()));
    }
    text.append(
        """
          lab up | down              nodes in containers to try it all on
          demo                       the whole way on three such nodes
          test                       builds, and runs all tests

        'provision COMMAND --help' explains one. Common options:
          --limit HOSTS  --only STEP  --skip STEP  --forks N  --playbook FILE  --yes
          --ask-pass  --ask-become-pass  --vagrant  --ssh-config FILE
          --output human|json  --junit FILE  -v

        Start here:
          provision validate home.yml      is it written well?
          provision plan home.yml          what would happen?
          provision apply home.yml         let it happen; a second time changes nothing

        Exit codes:
        """);
    for (var code : ExitCode.values()) {
      text.append("  %3d  %s%n".formatted(code.code(), code.meaning()));
    }
    text.append(
        """

        NO_COLOR, CLICOLOR, FORCE_COLOR and CI are respected.
        """);
    return text.toString();
  }
}
