package io.provision.ssh;

import io.provision.ssh.SshConfigFile.Option;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Whether a {@code Match} of ssh_config(5) holds, by what the lines before it have said. Criteria
 * are all to hold; one that is not evaluated here makes it hold for nobody, with a warning.
 *
 * @param asked the host as it was named
 * @param user whom the inventory logs in as, where it says so
 * @param last whether this is the pass for {@code Match final}
 */
record Match(String asked, Optional<String> user, Workstation here, boolean last) {
  private static final long PATIENCE_SECONDS = 30;

  sealed interface Result {
    record Holds(boolean applies) implements Result {}

    /**
     * @param possible whether all other criteria hold
     */
    record NotEvaluated(String criterion, boolean possible) implements Result {}
  }

  Result of(List<String> criteria, List<Option> soFar) throws IOException {
    var applies = true;
    var unknown = Optional.<String>empty();
    for (int at = 0; at < criteria.size(); at++) {
      var word = criteria.get(at);
      var negated = word.startsWith("!");
      var name = (negated ? word.substring(1) : word).toLowerCase(Locale.ROOT);
      if (name.equals("all")) {
        applies &= !negated;
        continue;
      }
      if (name.equals("final") || name.equals("canonical")) {
        applies &= (name.equals("final") && last) != negated; // no name is made canonical here
        continue;
      }
      if (++at == criteria.size()) {
        throw new IOException("'Match %s' has no value".formatted(name));
      }
      var value = criteria.get(at);
      var held =
          switch (name) {
            case "host" -> Optional.of(Glob.matchesAny(List.of(value.split(",")), host(soFar)));
            case "originalhost" -> Optional.of(Glob.matchesAny(List.of(value.split(",")), asked));
            case "user" -> Optional.of(Glob.matchesAny(List.of(value.split(",")), user(soFar)));
            case "localuser" ->
                Optional.of(Glob.matchesAny(List.of(value.split(",")), here.user()));
            case "exec" -> Optional.of(!applies || succeeds(value, soFar));
            default -> Optional.<Boolean>empty();
          };
      if (held.isEmpty()) {
        unknown = Optional.of(name);
      } else {
        applies &= held.get() != negated;
      }
    }
    var possible = applies;
    return unknown
        .<Result>map(name -> new Result.NotEvaluated(name, possible))
        .orElseGet(() -> new Result.Holds(possible));
  }

  Match forFinal() {
    return new Match(asked, user, here, true);
  }

  private static Optional<String> first(List<Option> soFar, String keyword) {
    return soFar.stream()
        .filter(option -> option.keyword().equalsIgnoreCase(keyword))
        .map(option -> option.values().getFirst())
        .findFirst();
  }

  private String host(List<Option> soFar) {
    return first(soFar, "hostname")
        .map(name -> name.replace("%h", asked).replace("%%", "%"))
        .orElse(asked);
  }

  private String user(List<Option> soFar) {
    return user.or(() -> first(soFar, "user")).orElse(here.user());
  }

  /** Exit status 0, as with OpenSSH; what it prints is nobody's business. */
  private boolean succeeds(String command, List<Option> soFar) throws IOException {
    var port = first(soFar, "port").filter(text -> text.matches("\\d{1,5}")).orElse("22");
    var tokens = PercentTokens.names(here, asked, host(soFar), user(soFar), Integer.parseInt(port));
    var text = new PercentTokens(tokens, here.environment()).expand(command);
    var process =
        new ProcessBuilder(here.shell(), "-c", text)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      process.getOutputStream().close();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException(
            "'Match exec' timed out after %d s: %s".formatted(PATIENCE_SECONDS, text));
      }
      return process.exitValue() == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted during 'Match exec'", e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
