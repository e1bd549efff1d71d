package io.provision.cli.option;

import io.provision.cli.run.Refused;
import io.provision.console.Operator;
import io.provision.model.Secret;
import io.provision.model.SshConfigSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What all commands share that log in to hosts: passwords that are typed, and where to look. */
public final class LoginOptions {
  private static final String VAGRANT = "--vagrant";
  private static final String SSH_CONFIG = "--ssh-config";

  @Option(names = "--ask-pass", description = "ask for the SSH password")
  private boolean askPassword;

  @Option(names = "--ask-become-pass", description = "ask for the password that sudo wants")
  private boolean askBecomePassword;

  @Option(
      names = VAGRANT,
      description =
          "machines are reached as 'vagrant ssh-config' says where the inventory lies, as by"
              + " ssh: { vagrant: . } in it")
  private boolean vagrant;

  @Option(
      names = SSH_CONFIG,
      paramLabel = "FILE",
      description = "an ssh_config file in place of your own, as by ssh: { config: FILE }")
  private @Nullable Path sshConfig;

  private @Nullable TypedLogins typed;

  /**
   * Asks for the passwords that are to be asked for; once, however many runs a command has.
   *
   * @param inventory the file that names the hosts
   */
  public TypedLogins typed(Path inventory, Operator operator) throws Refused {
    if (typed == null) {
      typed =
          new TypedLogins(
              password(askPassword, "--ask-pass", "SSH password", operator),
              password(askBecomePassword, "--ask-become-pass", "sudo password", operator),
              config(inventory));
    }
    return typed;
  }

  /**
   * The directory whose Vagrantfile is meant, where one is.
   *
   * @param inventory which lies there
   */
  public Optional<Path> vagrant(Path inventory) {
    return vagrant ? Optional.ofNullable(inventory.toAbsolutePath().getParent()) : Optional.empty();
  }

  /** The ssh_config that was named. */
  public Optional<Path> sshConfig() {
    return Optional.ofNullable(sshConfig);
  }

  private Optional<SshConfigSource> config(Path inventory) throws Refused {
    if (sshConfig != null) {
      if (vagrant) {
        throw new Refused(SSH_CONFIG, "%s says how hosts are reached, too".formatted(VAGRANT));
      }
      if (!Files.isRegularFile(sshConfig)) {
        throw new Refused(SSH_CONFIG, "there is no file %s".formatted(sshConfig));
      }
      return Optional.of(new SshConfigSource.File(sshConfig));
    }
    return vagrant(inventory).map(SshConfigSource.Vagrant::new);
  }

  /** Those of these options that were given. */
  public List<String> given() {
    return Stream.concat(asking().stream(), reaching().stream()).toList();
  }

  /** Those of these options that were given, for which somebody must be there. */
  List<String> asking() {
    return given(Map.of("--ask-pass", askPassword, "--ask-become-pass", askBecomePassword));
  }

  /** Those that were given and say what the inventory can say as well. */
  List<String> reaching() {
    return given(Map.of(VAGRANT, vagrant, SSH_CONFIG, sshConfig != null));
  }

  private static List<String> given(Map<String, Boolean> options) {
    return options.entrySet().stream()
        .filter(Map.Entry::getValue)
        .map(Map.Entry::getKey)
        .sorted()
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
