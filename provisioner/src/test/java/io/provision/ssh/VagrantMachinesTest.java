package io.provision.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.provision.model.SshConfigSource;
import io.provision.remote.RemoteException.Unreachable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** By a program in Vagrant's place that answers as Vagrant 2.3.4 does, and as it does not. */
class VagrantMachinesTest {
  @TempDir Path home;
  private Path project = Path.of("");
  private Path answers = Path.of("");

  @BeforeEach
  void start() throws IOException {
    project = Files.createDirectories(home.resolve("100% mine"));
    answers = Files.createDirectories(home.resolve("answers"));
    Files.createFile(project.resolve("Vagrantfile"));
    Files.createDirectories(home.resolve(".ssh"));
    vagrant(
        """
        echo "$*" >>"$ANSWERS/asked"
        echo 'Vagrant is deprecated, says Ruby' >&2
        cat "$ANSWERS/$(echo "$*" | tr -d ' ')"
        exit "$(cat "$ANSWERS/$(echo "$*" | tr -d ' ').code" 2>/dev/null || echo 0)"
        """);
  }

  private void vagrant(String script) throws IOException {
    var program = Files.createDirectories(home.resolve("bin")).resolve("vagrant");
    Files.writeString(program, "#!/bin/sh\n" + script);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Workstation here() {
    return here(home.resolve("bin") + ":/usr/bin:/bin");
  }

  private Workstation here(String path) {
    return new Workstation(
        home,
        "me",
        home.resolve("etc/ssh_config"),
        home.resolve("etc/known"),
        Map.of("PATH", path, "ANSWERS", answers.toString()));
  }

  private void answers(String arguments, String... lines) throws IOException {
    Files.writeString(
        answers.resolve((arguments + " --machine-readable").replace(" ", "")),
        String.join("\n", lines) + "\n");
  }

  private void code(String arguments, int code) throws IOException {
    Files.writeString(
        answers.resolve((arguments + " --machine-readable").replace(" ", "") + ".code"), "" + code);
  }

  private List<String> asked() throws IOException {
    return Files.readAllLines(answers.resolve("asked"));
  }

  /** As Vagrant writes it, with what it prints for people after it. */
  private static String config(String machine, int port) {
    var text =
        """
        Host %s
          HostName 127.0.0.1
          User vagrant
          Port %d
          UserKnownHostsFile /dev/null
          StrictHostKeyChecking no
          PasswordAuthentication no

          IdentityFile /keys/%s
          IdentitiesOnly yes
          LogLevel FATAL
        """
            .formatted(machine, port, machine);
    return "1764489600,%s,ssh-config,%s\n%s".formatted(machine, text.replace("\n", "\\n"), text);
  }

  private Path machine(String name, String provider) throws IOException {
    var directory = project.resolve(".vagrant/machines/%s/%s".formatted(name, provider));
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("id"), "4711");
    return directory;
  }

  private Login login(Logins logins, String name) throws Exception {
    var host = new TestHost(name, 0).user("").host();
    return logins.of(host.withSsh(host.ssh().withConfig(new SshConfigSource.Vagrant(project))));
  }

  @Test
  void eachMachineIsReachedAsVagrantSaysWhichIsAskedOnce() throws Exception {
    answers("ssh-config", config("n1", 2222), config("n2", 2200));
    var logins = new Logins(here());
    var first = login(logins, "n1");
    assertThat(first).hasToString("vagrant@127.0.0.1:2222");
    assertThat(first.identities()).containsExactly(Path.of("/keys/n1"));
    assertThat(first.identitiesOnly()).isTrue();
    assertThat(login(logins, "n2")).hasToString("vagrant@127.0.0.1:2200");
    assertThat(asked()).containsExactly("ssh-config --machine-readable");
    assertThat(logins.warnings()).isEmpty();
  }

  @Test
  void aMachinesKeyIsKeptWithTheMachineWhateverItsPort() throws Exception {
    answers("ssh-config", config("n1", 2222), config("n2", 2200));
    var directory = machine("n1", "virtualbox");
    var logins = new Logins(here());
    var first = login(logins, "n1");
    assertThat(first.knownHosts()).containsExactly(directory.resolve("provision_known_hosts"));
    assertThat(first.knownHostsName()).isEqualTo("n1");
    var second = login(logins, "n2");
    assertThat(second.knownHosts()).contains(home.resolve(".ssh/known_hosts"));
    assertThat(second.knownHostsName()).isEqualTo("[127.0.0.1]:2200");
  }

  @Test
  void whatTheInventorySaysGoesBeforeVagrant() throws Exception {
    answers("ssh-config", config("n1", 2222));
    machine("n1", "libvirt");
    var host = new TestHost("n1", 22).user("root").key(Path.of("~/mine")).host();
    var login =
        new Logins(here())
            .of(host.withSsh(host.ssh().withConfig(new SshConfigSource.Vagrant(project))));
    assertThat(login).hasToString("root@127.0.0.1:22");
    assertThat(login.identities()).containsExactly(home.resolve("mine"));
  }

  @Test
  void whereOneMachineDoesNotRunTheOthersAreReached() throws Exception {
    answers(
        "ssh-config", config("n1", 2222), "1,,error-exit,Vagrant::Errors::SSHNotReady,not\\nready");
    code("ssh-config", 1);
    answers(
        "status",
        "1,n1,metadata,provider,virtualbox",
        "1,n1,state,running",
        "1,n2,state,not_created",
        "1,n3,state,running");
    answers("ssh-config n1 n3", config("n1", 2222), config("n3", 2201));
    var logins = new Logins(here());
    assertThat(login(logins, "n1").port()).isEqualTo(2222);
    assertThat(login(logins, "n3").port()).isEqualTo(2201);
    assertThatThrownBy(() -> login(logins, "n2"))
        .isInstanceOf(Unreachable.class)
        .hasMessageContaining("not running (not created)")
        .extracting(it -> ((Unreachable) it).remedy())
        .asString()
        .isEqualTo("'vagrant up n2' in " + project);
    assertThatThrownBy(() -> login(logins, "w1"))
        .isInstanceOf(Unreachable.class)
        .hasMessageContaining("no machine 'w1'")
        .extracting(it -> ((Unreachable) it).remedy())
        .asString()
        .contains("n1, n3, n2");
    assertThat(asked()).hasSize(3);
  }

  @Test
  void whereNoneRunsNoneIsAskedAbout() throws Exception {
    answers("ssh-config", "1,,error-exit,Vagrant::Errors::SSHNotReady,not ready");
    code("ssh-config", 1);
    answers("status", "1,n1,state,poweroff");
    assertThatThrownBy(() -> login(new Logins(here()), "n1"))
        .hasMessageContaining("not running (poweroff)");
    assertThat(asked()).hasSize(2);
  }

  @Test
  void itsOwnWordsSayWhyItFails() throws Exception {
    answers(
        "ssh-config",
        "1,,error-exit,Vagrant::Errors::NoEnvironmentError,A Vagrant environment%!(VAGRANT_COMMA)"
            + " or target machine\\nis required");
    code("ssh-config", 1);
    answers("status", "1,,error-exit,Vagrant::Errors::NoEnvironmentError,none,here");
    code("status", 1);
    assertThatThrownBy(() -> login(new Logins(here()), "n1"))
        .isInstanceOf(Unreachable.class)
        .hasMessageContaining("'vagrant status' in " + project)
        .hasMessageContaining("exit code 1: here");
    answers("status", "1,n1,state,running");
    code("status", 0);
    assertThatThrownBy(() -> login(new Logins(here()), "n1"))
        .hasMessageContaining("A Vagrant environment, or target machine is required");
  }

  @Test
  void whatIsNotThereEndsNotOrSaysTooMuchIsNamed() throws Exception {
    assertThatThrownBy(() -> login(new Logins(here(answers.toString())), "n1"))
        .isInstanceOf(Unreachable.class)
        .hasMessageContaining("there is no program 'vagrant' in PATH");
    vagrant("yes | head -c 5000000");
    assertThatThrownBy(() -> login(new Logins(here()), "n1"))
        .isInstanceOf(Unreachable.class)
        .hasMessageContaining("more than 4 MiB");
    vagrant("sleep 1000");
    var impatient =
        new VagrantMachines(new VagrantProgram(project, here(), Duration.ofMillis(300)));
    assertThatThrownBy(() -> impatient.config("n1"))
        .isInstanceOf(Unreachable.class)
        .hasMessageContaining("did not end within");
    vagrant("head -c 100000 /dev/urandom");
    assertThatThrownBy(() -> login(new Logins(here()), "n1"))
        .isInstanceOf(Unreachable.class)
        .hasMessageContaining("no machine 'n1'");
    vagrant("exit 3");
    assertThatThrownBy(() -> login(new Logins(here()), "n1"))
        .isInstanceOf(Unreachable.class)
        .hasMessageContaining("exit code 3: it said nothing");
  }

  /** Its directory is the inventory's, wherever one is while it is typed. */
  @Test
  void vagrantIsAskedInThatDirectory() throws Exception {
    vagrant("echo \"$PWD $VAGRANT_CWD\" >\"$ANSWERS/where\"");
    assertThatThrownBy(() -> login(new Logins(here()), "n1")).isInstanceOf(Unreachable.class);
    assertThat(answers.resolve("where")).hasContent(project + " " + project);
  }

  @Test
  void noPodElsewhereCanAskIt() throws Exception {
    var host = new TestHost("n1", 0).host();
    var vagrants = host.withSsh(host.ssh().withConfig(new SshConfigSource.Vagrant(project)));
    var files = LoginFiles.of(List.of(vagrants), here());
    assertThat(files.obstacles()).singleElement().asString().contains("h1", "Vagrant");
    assertThat(files.files()).isEqualTo(Set.of());
  }
}
