package io.provision.ssh;

import io.provision.remote.RemoteException;
import io.provision.ssh.SshConfigFile.HostBlock;
import io.provision.ssh.SshConfigFile.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The machines of a Vagrantfile, as ssh reaches them. Vagrant is asked once, when the first of them
 * is wanted. Safe for use by many threads.
 *
 * <p>What it would have ssh do is to take any host key and forget it. Here each machine's key is
 * kept with what Vagrant itself keeps of the machine, and goes with that when the machine is
 * destroyed: so the next machine at the same port is a new one, and another one at the same port is
 * found out.
 */
public final class VagrantMachines {
  private static final Duration WITHIN = Duration.ofMinutes(1);
  private static final Path SAID = Path.of("vagrant ssh-config");

  /** Of what Vagrant would have: keys are always checked, passwords are the inventory's. */
  private static final Set<String> NOT_TAKEN =
      Set.of(
          "userknownhostsfile",
          "stricthostkeychecking",
          "passwordauthentication",
          "hostkeyalgorithms",
          "pubkeyacceptedkeytypes",
          "pubkeyacceptedalgorithms");

  private final VagrantProgram vagrant;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Answered answered;

  /**
   * @param states of those that are not running, by name
   */
  private record Said(Map<String, SshConfig> running, Map<String, String> states) {}

  private sealed interface Answered {
    record Well(Said said) implements Answered {}

    record Badly(String why) implements Answered {}
  }

  /**
   * @param directory of the Vagrantfile, or one below it
   */
  public VagrantMachines(Path directory, Workstation here) {
    this(new VagrantProgram(directory.toAbsolutePath().normalize(), here, WITHIN));
  }

  VagrantMachines(VagrantProgram vagrant) {
    this.vagrant = vagrant;
  }

  /**
   * What ssh is to know of a machine.
   *
   * @throws RemoteException where there is no such machine or it does not run, and where Vagrant
   *     fails
   */
  SshConfig config(String machine) throws RemoteException {
    var said = heard();
    var config = said.running().get(machine);
    if (config != null) {
      return config;
    }
    var state = said.states().get(machine);
    throw state == null ? unknown(machine, said) : notRunning(machine, state);
  }

  /**
   * The names of those that run.
   *
   * @throws RemoteException where Vagrant fails
   */
  public List<String> running() throws RemoteException {
    return List.copyOf(heard().running().keySet());
  }

  private Said heard() throws RemoteException {
    return switch (answered()) {
      case Answered.Well(var it) -> it;
      case Answered.Badly(var why) ->
          throw new RemoteException.Unreachable(
              "Vagrant does not say how to reach it (%s)".formatted(why),
              "see what 'vagrant ssh-config' says in %s".formatted(vagrant.directory()),
              null);
    };
  }

  private RemoteException unknown(String machine, Said said) {
    return new RemoteException.Unreachable(
        "the Vagrantfile of %s has no machine '%s'".formatted(vagrant.directory(), machine),
        "it has %s: call the host so, or write that as its address".formatted(names(said)),
        null);
  }

  private RemoteException notRunning(String machine, String state) {
    return new RemoteException.Unreachable(
        "its machine is not running (%s)".formatted(state.replace('_', ' ')),
        "'vagrant up %s' in %s".formatted(machine, vagrant.directory()),
        null);
  }

  private static String names(Said said) {
    var names = new ArrayList<>(said.running().keySet());
    names.addAll(said.states().keySet());
    return names.isEmpty() ? "none at all" : String.join(", ", names);
  }

  private Answered answered() {
    lock.lock();
    try {
      var known = answered;
      if (known == null) {
        known = ask();
        answered = known;
      }
      return known;
    } finally {
      lock.unlock();
    }
  }

  private Answered ask() {
    try {
      return new Answered.Well(said());
    } catch (IOException e) {
      return new Answered.Badly(String.valueOf(e.getMessage()));
    }
  }

  /** Where one of them does not run, it says nothing of those that do: they are named then. */
  private Said said() throws IOException {
    var all = vagrant.ask(List.of("ssh-config"));
    if (all.code() == 0) {
      return new Said(configs(all), Map.of());
    }
    var status = asked(List.of("status"));
    var states = new LinkedHashMap<String, String>();
    status
        .of("state")
        .filter(line -> !line.machine().isEmpty() && !line.data().isEmpty())
        .forEach(line -> states.put(line.machine(), line.data().getFirst()));
    var running =
        states.entrySet().stream()
            .filter(it -> it.getValue().equals("running"))
            .map(Map.Entry::getKey)
            .toList();
    if (running.size() == states.size()) {
      throw failed(List.of("ssh-config"), all);
    }
    var words = new ArrayList<>(List.of("ssh-config"));
    words.addAll(running);
    running.forEach(states::remove);
    return new Said(running.isEmpty() ? Map.of() : configs(asked(words)), states);
  }

  private VagrantProgram.Answer asked(List<String> arguments) throws IOException {
    var answer = vagrant.ask(arguments);
    if (answer.code() != 0) {
      throw failed(arguments, answer);
    }
    return answer;
  }

  private IOException failed(List<String> arguments, VagrantProgram.Answer answer) {
    return new IOException(
        "%s ended with exit code %d: %s"
            .formatted(vagrant.named(arguments), answer.code(), answer.failure()));
  }

  private Map<String, SshConfig> configs(VagrantProgram.Answer answer) throws IOException {
    var configs = new LinkedHashMap<String, SshConfig>();
    for (var line : answer.of("ssh-config").toList()) {
      var text = String.join(",", line.data()).lines().toList();
      var file = SshConfigFile.of(text, SAID, vagrant.here(), vagrant.directory());
      for (var name : names(file)) {
        configs.put(name, SshConfig.of(List.of(withKeyOf(name, file))));
      }
    }
    return configs;
  }

  private static List<String> names(SshConfigFile file) {
    return file.lines().stream()
        .flatMap(line ->
            line instanceof HostBlock(var _, var patterns) ? patterns.stream() : Stream.of())
        .toList();
  }

  /** The first value of a keyword is the one that counts, so ours come first. */
  private SshConfigFile withKeyOf(String name, SshConfigFile file) throws IOException {
    var kept = machineDirectory(name);
    var lines = new ArrayList<SshConfigFile.Line>();
    for (var line : file.lines()) {
      if (!(line instanceof Option option) || isTaken(option)) {
        lines.add(line);
      }
      if (line instanceof HostBlock(var where, var _) && kept.isPresent()) {
        var keys = kept.get().resolve("provision_known_hosts").toString().replace("%", "%%");
        lines.add(option(where, "UserKnownHostsFile", keys));
        lines.add(option(where, "GlobalKnownHostsFile", "none"));
        lines.add(option(where, "HostKeyAlias", name));
      }
    }
    return new SshConfigFile(List.copyOf(lines));
  }

  private static boolean isTaken(Option option) {
    return !NOT_TAKEN.contains(option.keyword().toLowerCase(Locale.ROOT));
  }

  private static Option option(SshConfigFile.Where where, String keyword, String value) {
    return new Option(where, keyword, List.of(value), value);
  }

  /** Where Vagrant keeps what it knows of a machine: {@code .vagrant/machines/NAME/PROVIDER}. */
  private Optional<Path> machineDirectory(String name) throws IOException {
    var environment = vagrant.here().environment();
    var vagrantfile = environment.getOrDefault("VAGRANT_VAGRANTFILE", "Vagrantfile");
    var root = root(vagrant.directory(), vagrantfile);
    if (root.isEmpty()) {
      return Optional.empty();
    }
    var kept = environment.getOrDefault("VAGRANT_DOTFILE_PATH", ".vagrant");
    var machine = root.get().resolve(kept).resolve("machines").resolve(name);
    if (!Files.isDirectory(machine)) {
      return Optional.empty();
    }
    try (var providers = Files.list(machine)) {
      var found = providers.filter(it -> Files.isRegularFile(it.resolve("id"))).toList();
      return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
    }
  }

  private static Optional<Path> root(Path directory, String vagrantfile) {
    for (var at = directory; at != null; at = at.getParent()) {
      if (Files.isRegularFile(at.resolve(vagrantfile))) {
        return Optional.of(at);
      }
    }
    return Optional.empty();
  }
}
