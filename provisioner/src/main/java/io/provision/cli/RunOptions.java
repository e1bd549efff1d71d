package io.provision.cli;

import io.provision.console.Operator;
import io.provision.model.Secret;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What all commands share that read an inventory and may log in to its hosts. */
final class RunOptions {
  @Parameters(
      paramLabel = "INVENTORY",
      arity = "1",
      description = "the YAML file that names your hosts")
  private Path input = Path.of("");

  @Option(
      names = "--playbook",
      paramLabel = "FILE",
      description = "instead of the playbook that comes with the distribution")
  private @Nullable Path playbook;

  @Option(
      names = "--limit",
      paramLabel = "HOSTS",
      split = ",",
      description =
          "change only these hosts and groups: w1,w2, a glob (w*), all but one (!w1). The"
              + " cluster's API and this machine are changed where they are named too: w1,cluster,local")
  private List<String> limit = new ArrayList<>();

  @Option(names = "--only", paramLabel = "STEP", split = ",", description = "only these steps")
  private List<String> only = new ArrayList<>();

  @Option(names = "--skip", paramLabel = "STEP", split = ",", description = "all but these steps")
  private List<String> skip = new ArrayList<>();

  @Option(names = "--forks", paramLabel = "N", description = "how many hosts are worked on at once")
  private @Nullable Integer forks;

  @Option(names = "--ask-pass", description = "ask for the SSH password")
  private boolean askPassword;

  @Option(names = "--ask-become-pass", description = "ask for the password that sudo wants")
  private boolean askBecomePassword;

  Order order(Operator operator, boolean yes, Optional<Path> out) throws Refused {
    return order(operator, yes, out, List.of());
  }

  Order order(Operator operator, boolean yes, Optional<Path> out, List<String> remove)
      throws Refused {
    if (forks != null && forks < 1) {
      throw new Refused("--forks", "%d is less than 1".formatted(forks));
    }
    return new Order(
        input,
        Optional.ofNullable(playbook),
        new Order.Choice(limit, only, skip, remove),
        forks == null ? OptionalInt.empty() : OptionalInt.of(forks),
        new Order.Logins(
            password(askPassword, "--ask-pass", "SSH password", operator),
            password(askBecomePassword, "--ask-become-pass", "sudo password", operator)),
        yes,
        out);
  }

  private static Optional<Secret> password(
      boolean wanted, String option, String prompt, Operator operator) throws Refused {
    if (!wanted) {
      return Optional.empty();
    }
    if (!operator.present()) {
      throw new Refused(
          option,
          "nobody can be asked: standard input and output must be a terminal. In scripts write"
              + " password: \"${env:NAME}\" in the inventory");
    }
    return operator.password(prompt);
  }
}
