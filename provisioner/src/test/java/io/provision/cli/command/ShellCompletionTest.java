package io.provision.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The completions, run by the shells that they are for, with a program that tells what it was
 * asked.
 */
class ShellCompletionTest {
  private static final String PROGRAM =
      """
      #!/bin/sh
      printf '[%s]' "$@" >"${0%/*}/asked"
      case "$*" in
        '__complete pl') echo plan ;;
        *' --limit w') printf 'web1\\nweb2\\n' ;;
        *' --limit web1,d') echo web1,db1 ;;
      esac
      """;

  @TempDir private Path directory;

  @BeforeEach
  void program() throws IOException {
    var file = Files.writeString(directory.resolve("provision"), PROGRAM);
    assertThat(file.toFile().setExecutable(true)).isTrue();
    Files.writeString(directory.resolve("home.yml"), "");
    for (var shell : CompletionCommand.Shell.values()) {
      Files.writeString(directory.resolve(shell + ".completion"), shell.script());
    }
  }

  @Test
  void bash() throws Exception {
    assumeInstalled("bash");
    var types =
        """
        source bash.completion
        COMP_WORDS=(provision "$@") COMP_CWORD=$#
        _provision
        printf '%s\\n' "${COMPREPLY[@]}"
        """;
    assertThat(run("bash", "--norc", "-c", types, "-", "pl")).containsExactly("plan");
    assertThat(run("bash", "--norc", "-c", types, "-", "plan", "a b", "--limit", "w"))
        .containsExactly("web1", "web2");
    assertThat(asked()).isEqualTo("[__complete][plan][a b][--limit][w]");
    assertThat(run("bash", "--norc", "-c", types, "-", "plan", "")).containsExactly("");
    assertThat(run("bash", "--norc", "-c", "source bash.completion; complete -p provision"))
        .containsExactly("complete -o default -F _provision provision");
  }

  @Test
  void fish() throws Exception {
    assumeInstalled("fish");
    assertThat(fish("provision pl")).contains("plan");
    assertThat(asked()).isEqualTo("[__complete][pl]");
    assertThat(fish("provision plan 'a b' --limit w")).containsExactly("web1", "web2");
    assertThat(asked()).isEqualTo("[__complete][plan][a b][--limit][w]");
    assertThat(fish("provision ")).as("files, where nothing is said").contains("home.yml");
    assertThat(asked()).isEqualTo("[__complete][]");
  }

  private List<String> fish(String line) throws Exception {
    return run(
        "fish", "--no-config", "-c", "source fish.completion; complete -C \"%s\"".formatted(line));
  }

  /** Typed into an interactive zsh, with a key that shows what stands on the line then. */
  @Test
  void zsh() throws Exception {
    assumeInstalled("zsh");
    assertThat(zsh("provision pl")).isEqualTo("provision plan ");
    assertThat(asked()).isEqualTo("[__complete][pl]");
    assertThat(zsh("provision plan 'a b' --limit w")).isEqualTo("provision plan 'a b' --limit web");
    assertThat(asked()).isEqualTo("[__complete][plan]['a b'][--limit][w]");
    assertThat(zsh("provision plan --limit web1,d")).isEqualTo("provision plan --limit web1,db1 ");
    assertThat(zsh("provision plan home")).as("a file").isEqualTo("provision plan home.yml ");
  }

  private String zsh(String line) throws Exception {
    Files.writeString(
        directory.resolve("drive"),
        """
        zmodload zsh/zpty
        until_there() { for i in {1..600}; do [[ -e $1 ]] && return; sleep 0.1; done }
        zpty shell 'TERM=dumb zsh -f -i'
        zpty -w shell 'autoload -Uz compinit; compinit -u -D; source ./zsh.completion'
        zpty -w shell 'show() { print -r -- "$BUFFER" >line.new; mv line.new line; zle kill-whole-line }'
        zpty -w shell "zle -N show; bindkey '^X' show; print >ready"
        until_there ready
        zpty -w -n shell "$1"$'\\t'
        until_there asked
        zpty -w -n shell $'\\x18'
        until_there line
        cat line
        zpty -d shell
        """);
    for (var name : List.of("ready", "asked", "line")) {
      var _ = Files.deleteIfExists(directory.resolve(name));
    }
    return String.join("\n", run("zsh", "-f", "drive", line));
  }

  @Test
  void zshWithoutItsCompletionSystemIsGivenIt() throws Exception {
    assumeInstalled("zsh");
    var script = "source ./zsh.completion </dev/null; print -- ${_comps[provision]}";
    assertThat(
            run(
                "zsh",
                "-f",
                "-c",
                "compinit() { builtin autoload -Uz compinit; unfunction compinit; autoload -Uz compinit; compinit -u -D }; "
                    + script))
        .contains("_provision");
  }

  private static void assumeInstalled(String shell) {
    var there =
        Stream.of(System.getenv("PATH").split(":"))
            .anyMatch(place -> Files.isExecutable(Path.of(place, shell)));
    assumeTrue(there, shell + " is not installed here: its completion was not run");
  }

  private String asked() throws IOException {
    return Files.readString(directory.resolve("asked"));
  }

  private List<String> run(String... words) throws Exception {
    var builder = new ProcessBuilder(words).directory(directory.toFile());
    builder.environment().put("PATH", directory + ":" + System.getenv("PATH"));
    builder.environment().put("HOME", directory.toString());
    builder.environment().put("ZDOTDIR", directory.toString());
    builder
        .redirectErrorStream(true)
        .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
    var process = builder.start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    return said.lines().toList();
  }
}
