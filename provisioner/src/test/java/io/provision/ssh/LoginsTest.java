package io.provision.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.provision.remote.RemoteException;
import io.provision.remote.RemoteException.Unreachable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the inventory and ssh_config make of a host's name; OpenSSH is the measure. */
class LoginsTest {
  @TempDir Path home;
  private Logins logins = new Logins(Workstation.current());

  @BeforeEach
  void start() throws IOException {
    Files.createDirectories(home.resolve(".ssh"));
    logins = new Logins(here(Map.of("KEYS", "/opt/keys")));
  }

  private Workstation here(Map<String, String> environment) {
    return new Workstation(
        home, "me", home.resolve("etc/ssh_config"), home.resolve("etc/known"), environment);
  }

  private void config(String text) throws IOException {
    Files.writeString(home.resolve(".ssh/config"), text);
  }

  private Login login(String address) throws RemoteException {
    return logins.of(new TestHost(address, 0).user("").host());
  }

  @Test
  void withoutAnythingItIsTheUserOfThisMachineAtPort22() throws Exception {
    var login = login("example.org");
    assertThat(login.user()).isEqualTo("me");
    assertThat(login.port()).isEqualTo(22);
    assertThat(login.address()).isEqualTo("example.org:22");
    assertThat(login.identities()).isEmpty();
    assertThat(login.agent()).isEmpty();
    assertThat(login.knownHosts())
        .containsExactly(
            home.resolve(".ssh/known_hosts"),
            home.resolve(".ssh/known_hosts2"),
            home.resolve("etc/known"));
  }

  @Test
  void takesTheFirstValueOfEveryKeyword() throws Exception {
    config(
        """
        User = first        # a comment
        Host web-? !web-9
          Port 2222
          HostName "%h.example.org"
        Host *
          User second
          Port 22222
        """);
    assertThat(login("web-1").toString()).isEqualTo("first@web-1.example.org:2222");
    assertThat(login("web-9").toString()).isEqualTo("first@web-9:22222");
    assertThat(login("WEB-2").port()).isEqualTo(2222);
  }

  @Test
  void theInventoryWinsOverSshConfig() throws Exception {
    config("Host *\n User a\n Port 1\n IdentityFile ~/k\n ProxyJump b\n UserKnownHostsFile ~/kh\n");
    var given = new TestHost("h", 2222).user("root").key(Path.of("~/mine")).jump("none");
    var login = logins.of(given.host());
    assertThat(login.toString()).isEqualTo("root@h:2222");
    assertThat(login.identities()).containsExactly(home.resolve("mine"));
    assertThat(login.identitiesOnly()).isTrue();
    assertThat(login.knownHosts()).startsWith(home.resolve("kh"));
  }

  @Test
  void addsUpIdentitiesAndExpandsTokens() throws Exception {
    config(
        """
        Host h
          HostName real
          User u
          Port 7
          IdentityFile ~/.ssh/%r@%h:%p-%n
          IdentityFile %d/%u%%
          IdentitiesOnly yes
        Host *
          IdentityFile ${KEYS}/k
          IdentityAgent none
        """);
    var login = login("h");
    assertThat(login.identities())
        .containsExactly(
            home.resolve(".ssh/u@real:7-h"), home.resolve("me%"), Path.of("/opt/keys/k"));
    assertThat(login.identitiesOnly()).isTrue();
  }

  @Test
  void offersTheDefaultKeysThatAreThere() throws Exception {
    Files.writeString(home.resolve(".ssh/id_rsa"), "");
    Files.writeString(home.resolve(".ssh/id_ed25519"), "");
    var login = login("h");
    assertThat(login.identities())
        .containsExactly(home.resolve(".ssh/id_ed25519"), home.resolve(".ssh/id_rsa"));
    assertThat(login.identitiesChosen()).isFalse();
  }

  @Test
  void findsTheAgent() throws Exception {
    logins = new Logins(here(Map.of("SSH_AUTH_SOCK", "/run/agent")));
    config("Host other\n IdentityAgent ~/agent\n");
    assertThat(login("h").agent()).contains(Path.of("/run/agent"));
    assertThat(login("other").agent()).contains(home.resolve("agent"));
  }

  @Test
  void includesFilesWhereTheyStand() throws Exception {
    Files.createDirectories(home.resolve(".ssh/conf.d"));
    Files.writeString(home.resolve(".ssh/conf.d/2"), "Host *\n User two\n");
    Files.writeString(home.resolve(".ssh/conf.d/1"), "Host a\n User one\n");
    config("Include conf.d/*\nInclude nothing-here\nHost b\n Port 5\n Include ~/.ssh/more\n");
    Files.writeString(home.resolve(".ssh/more"), "HostName inside\n");
    assertThat(login("a").toString()).isEqualTo("one@a:22");
    assertThat(login("b").toString()).isEqualTo("two@inside:5");
    assertThat(login("c").toString()).isEqualTo("two@c:22");
  }

  @Test
  void includesThatIncludeThemselvesAreRefused() throws Exception {
    config("Include config\n");
    assertThatThrownBy(() -> login("h"))
        .isInstanceOf(Unreachable.class)
        .hasMessageContaining("Include");
  }

  @Test
  void readsTheSystemsFileLast() throws Exception {
    Files.createDirectories(home.resolve("etc"));
    Files.writeString(home.resolve("etc/ssh_config"), "Host *\n User sys\n Port 99\n");
    config("Host *\n Port 5\n");
    assertThat(login("h").toString()).isEqualTo("sys@h:5");
  }

  @Test
  void followsChainsOfJumpHosts() throws Exception {
    config(
        """
        Host inner
          ProxyJump jump@outer:2200
        Host target
          ProxyJump inner
          IdentityFile ~/target
        Host outer
          IdentityFile ~/outer
        Host *
          User all
        """);
    assertThat(login("target").toString())
        .isEqualTo("all@target:22 through all@inner:22 through jump@outer:2200");
    var outer = login("target").via().flatMap(Login::via).orElseThrow();
    assertThat(outer.identities()).containsExactly(home.resolve("outer"));
    var listed = logins.of(new TestHost("t", 0).user("").jump("a,ssh://x@[::1]:23").host());
    assertThat(listed.toString()).isEqualTo("all@t:22 through x@[::1]:23 through all@a:22");
  }

  @Test
  void aJumpHostIsNotReachedThroughItself() throws Exception {
    config("Host *\n ProxyJump bastion\n");
    assertThat(login("h").toString()).isEqualTo("me@h:22 through me@bastion:22");
  }

  @Test
  void refusesJumpHostsInACircle() throws Exception {
    config("Host a\n ProxyJump b\nHost b\n ProxyJump a\n");
    assertThatThrownBy(() -> login("a"))
        .isInstanceOf(Unreachable.class)
        .hasMessageContaining("loop");
  }

  @Test
  void aPasswordIsForTheTargetOnly() throws Exception {
    var login = logins.of(new TestHost("t", 0).password("p").jump("b").host());
    assertThat(login.password()).isPresent();
    assertThat(login.via().flatMap(Login::password)).isEqualTo(Optional.empty());
    assertThat(login.toString()).doesNotContain("p@");
  }

  @Test
  void namesWhatItDoesNotHonour() throws Exception {
    config(
        """
        Host other
          PKCS11Provider /lib/x
        Host h
          CanonicalizeHostname yes
          ServerAliveInterval 5
          ControlMaster auto
        Match tagged x
          User never
        Match host other tagged x
          User never
        Match all
          Port 8
        """);
    assertThat(login("h").toString()).isEqualTo("me@h:8");
    var file = home.resolve(".ssh/config");
    assertThat(logins.warnings())
        .containsExactlyInAnyOrder(
            file + ":4: 'CanonicalizeHostname' is not honoured",
            file + ":7: 'Match tagged' is not evaluated here, what follows it is not used");
  }

  @Test
  void evaluatesMatchByWhatTheLinesBeforeItSaid() throws Exception {
    config(
        """
        Host alias
          HostName real.example.org
        Match host *.example.org !originalhost other
          Port 1
        Match originalhost alias user root,me
          IdentityFile ~/both
        Match user nobody
          IdentityFile ~/never
        Match localuser me exec "test %h = real.example.org -a %n = alias -a %r = me"
          IdentityFile ~/exec
        Match exec "exit 1"
          IdentityFile ~/never
        Match !exec "exit 1" host alias
          IdentityFile ~/never
        Match final host real.*
          User late
        Match all
          HostKeyAlias known
        """);
    var login = login("alias");
    assertThat(login.toString()).isEqualTo("late@real.example.org:1");
    assertThat(login.identities()).containsExactly(home.resolve("both"), home.resolve("exec"));
    assertThat(login.knownHostsName()).isEqualTo("known");
    assertThat(login("stranger").toString()).isEqualTo("me@stranger:22");
    assertThat(logins.warnings()).isEmpty();
  }

  @Test
  void theFirstOfProxyJumpAndProxyCommandCountsAndTheInventoryBeforeBoth() throws Exception {
    config(
        """
        Host a
          ProxyCommand  nc -X "connect" %h:%p  # %% %r
        Host b
          ProxyCommand none
        Host c
          ProxyJump hop
        Host *
          ProxyJump bastion
        Match host a,c
          ProxyCommand never
        """);
    var command = login("a");
    assertThat(command.proxy().map(ProxyCommand::text)).contains("nc -X \"connect\" a:22  # % me");
    assertThat(command.via()).isEmpty();
    assertThat(login("b").via()).isEmpty();
    assertThat(login("b").proxy()).isEmpty();
    assertThat(login("c").via().map(Login::address)).contains("hop:22");
    assertThat(login("c").proxy()).isEmpty();
    var given = new TestHost("a", 0).user("").jump("mine");
    assertThat(logins.of(given.host()).via().map(Login::address)).contains("mine:22");
    assertThat(logins.of(given.host()).proxy()).isEmpty();
    var direct = logins.of(new TestHost("a", 0).user("").jump("none").host());
    assertThat(direct.proxy()).isEmpty();
    assertThat(direct.via()).isEmpty();
  }

  @Test
  void aProxyThatMayBeMeantIsNeverGoneRound() throws Exception {
    config("Match localnetwork 10.0.0.0/8 host h\n ProxyCommand nc gate %p\n");
    assertThatThrownBy(() -> login("h"))
        .isInstanceOf(Unreachable.class)
        .hasMessageContaining(home.resolve(".ssh/config") + ":2: ProxyCommand")
        .hasMessageContaining("set ssh.jump");
    assertThat(login("other").proxy()).isEmpty();
    var direct = logins.of(new TestHost("h", 0).user("").jump("none").host());
    assertThat(direct.proxy()).isEmpty();
  }

  @Test
  void saysWhatIsWrongWithTheSettings() throws Exception {
    for (var wrong :
        new String[] {
          "Port abc", "Port 70000", "User \"open", "HostName %x", "IdentityFile ${NOPE}", "User"
        }) {
      logins = new Logins(here(Map.of()));
      config(wrong + "\n");
      assertThatThrownBy(() -> login("h")).as(wrong).isInstanceOf(Unreachable.class);
    }
  }
}
