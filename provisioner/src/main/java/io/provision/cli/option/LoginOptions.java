package io.provision.cli.option;

import io.provision.cli.run.Refused;
import io.provision.console.Operator;
import io.provision.model.Secret;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What all commands share that log in to hosts: passwords that are typed. */
public final class LoginOptions {
  @Option(names = "--ask-pass", description = "ask for the SSH password")
  private boolean askPassword;

  @Option(names = "--ask-become-pass", description = "ask for the password that sudo wants")
  private boolean askBecomePassword;

  private @Nullable TypedLogins typed;

  /** Asks for the passwords that are to be asked for; once, however many runs a command has. */
  public TypedLogins typed(Operator operator) throws Refused {
    if (typed == null) {
      typed =
          new TypedLogins(
              password(askPassword, "--ask-pass", "SSH password", operator),
              password(askBecomePassword, "--ask-become-pass", "sudo password", operator));
    }
    return typed;
  }

  /** Those of these options that were given, for which somebody must be there. */
  List<String> given() {
    return Stream.of(askPassword ? "--ask-pass" : "", askBecomePassword ? "--ask-become-pass" : "")
        .filter(it -> !it.isEmpty())
        .toList();
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
