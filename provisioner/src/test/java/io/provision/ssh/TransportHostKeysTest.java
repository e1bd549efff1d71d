package io.provision.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.provision.remote.RemoteException.HostKeyChanged;
import io.provision.remote.RemoteException.HostKeyUnknown;
import io.provision.remote.RemoteProcess.Exit;
import java.nio.file.Files;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whom a transport believes, whatever the library. */
class TransportHostKeysTest extends TransportFixture {
  private static final HostKey SHOWN = TestKeys.hostKey(HOST_KEY);

  @Test
  void refusesAnUnknownKeyBeforeItShowsWhoWeAre() throws Exception {
    var sshd = started(sshd().withPassword("hunter2"));
    var unknown =
        catchThrowableOfType(HostKeyUnknown.class, () -> login(host(sshd).password("hunter2")));
    assertThat(unknown.fingerprint()).isEqualTo(SHOWN.fingerprint());
    assertThat(unknown.keyLine()).isEqualTo(SHOWN.line());
    assertThat(unknown.port()).isEqualTo(sshd.port());
    assertThat(unknown.address().value()).isEqualTo("127.0.0.1");
    assertThat(unknown.host().name().value()).isEqualTo("h1");
    assertThat(unknown.knownHosts()).isEqualTo(knownHosts()).doesNotExist();
    assertThat(sshd.keysShown).hasValue(0);
    assertThat(sshd.logins).hasValue(0);
  }

  @Test
  void connectsOnceAPersonTrustsTheKey() throws Exception {
    var sshd = started(sshd());
    var unknown = catchThrowableOfType(HostKeyUnknown.class, () -> login(host(sshd)));
    transport.trust(List.of(unknown));
    assertThat(login(host(sshd)).exec("status 0").waitFor()).isEqualTo(new Exit.Status(0));
    assertThat(Files.readString(knownHosts())).isEqualTo(name(sshd) + " " + SHOWN.line() + "\n");
  }

  @Test
  void remembersANewKeyWhereItMay() throws Exception {
    var sshd = started(sshd());
    login(host(sshd).acceptNew());
    assertThat(Files.readString(knownHosts())).isEqualTo(name(sshd) + " " + SHOWN.line() + "\n");
    login(host(sshd));
  }

  @Test
  void findsAHashedName() throws Exception {
    var sshd = started(sshd());
    know(HashedName.of(name(sshd)) + " " + SHOWN.line());
    login(host(sshd));
    assertThat(sshd.logins).hasValue(1);
  }

  @Test
  void refusesAChangedKeyAlsoWhereNewOnesAreAccepted() throws Exception {
    var sshd = started(sshd());
    var before = TestKeys.hostKey(TestKeys.ed25519());
    know(name(sshd) + " " + before.line());
    var changed = catchThrowableOfType(HostKeyChanged.class, () -> login(host(sshd).acceptNew()));
    assertThat(changed.what())
        .contains(before.fingerprint(), SHOWN.fingerprint(), knownHosts() + ":1");
    assertThat(changed.remedy())
        .contains("ssh-keygen -f '%s' -R '%s'".formatted(knownHosts(), name(sshd)));
    assertThat(sshd.keysShown).hasValue(0);
  }

  @Test
  void asksForTheAlgorithmTheHostIsKnownBy() throws Exception {
    var all = List.of(TestKeys.rsa(), TestKeys.ecdsa(), TestKeys.ed25519());
    var servers = new ArrayList<FakeSshd>();
    for (var known : all) {
      var sshd = started(new FakeSshd(all.toArray(KeyPair[]::new)).welcoming(USER_KEY));
      know(name(sshd) + " " + TestKeys.hostKey(known).line());
      servers.add(sshd);
    }
    for (var sshd : servers) {
      login(host(sshd));
      assertThat(sshd.logins).hasValue(1);
    }
  }

  @Test
  void refusesAnotherAlgorithmThanTheKnownOne() throws Exception {
    var sshd = started(sshd());
    know(name(sshd) + " " + TestKeys.hostKey(TestKeys.ecdsa()).line());
    assertThatThrownBy(() -> login(host(sshd).acceptNew())).isInstanceOf(HostKeyChanged.class);
  }

  @Test
  void refusesARevokedKeyThoughItIsKnown() throws Exception {
    var sshd = known(sshd());
    know("@revoked * " + SHOWN.line());
    assertThatThrownBy(() -> login(host(sshd)))
        .isInstanceOf(HostKeyChanged.class)
        .hasMessageContaining("revoked")
        .hasMessageContaining(knownHosts() + ":2");
    assertThat(sshd.keysShown).hasValue(0);
  }

  @Test
  void aKeyThatIsRevokedForTheNameIsRefusedOnEveryPort() throws Exception {
    var sshd = started(sshd());
    know("@revoked 127.0.0.1 " + SHOWN.line());
    var before = Files.readString(knownHosts());
    assertThatThrownBy(() -> login(host(sshd).acceptNew()))
        .isInstanceOf(HostKeyChanged.class)
        .hasMessageContaining("revoked")
        .hasMessageContaining(knownHosts() + ":1");
    assertThat(Files.readString(knownHosts())).isEqualTo(before);
    assertThat(sshd.keysShown).hasValue(0);
  }

  @Test
  void aKeyThatOneFileTrustsAndAnotherRevokesIsRefused() throws Exception {
    var sshd = started(sshd());
    var other = home.resolve("other_hosts");
    Files.writeString(other, "@revoked 127.0.0.1 " + SHOWN.line() + "\n");
    Files.writeString(
        home.resolve(".ssh/config"),
        "Host *\n UserKnownHostsFile %s %s\n".formatted(knownHosts(), other));
    know("127.0.0.1 " + SHOWN.line());
    assertThatThrownBy(() -> login(host(sshd)))
        .isInstanceOf(HostKeyChanged.class)
        .hasMessageContaining(other + ":1");
    assertThat(sshd.keysShown).hasValue(0);
  }

  @Test
  void knowsAHostByItsAlias() throws Exception {
    var sshd = started(sshd());
    Files.writeString(
        home.resolve(".ssh/config"), "Host box\n HostName 127.0.0.1\n HostKeyAlias Box.Example\n");
    know("[box.example]:" + sshd.port() + " " + SHOWN.line());
    login(new TestHost("box", sshd.port()).key(key()));
    assertThat(sshd.logins).hasValue(1);
  }

  /** As OpenSSH has it: an alias is a name for all ports, and stands in known_hosts without any. */
  @Test
  void theKeyOfAnAliasIsKeptUnderTheAliasAlone() throws Exception {
    var sshd = started(sshd());
    Files.writeString(
        home.resolve(".ssh/config"), "Host box\n HostName 127.0.0.1\n HostKeyAlias box.example\n");
    var box = new TestHost("box", sshd.port()).key(key());
    login(box.acceptNew());
    assertThat(knownHosts()).hasContent("box.example " + SHOWN.line());
    var other = started(sshd());
    login(new TestHost("box", other.port()).key(key()));

    Files.delete(knownHosts());
    transport = transport(new HostKeys());
    transport.trust(List.of(catchThrowableOfType(HostKeyUnknown.class, () -> login(box))));
    login(box);
    assertThat(knownHosts()).hasContent("box.example " + SHOWN.line());
  }

  @Test
  void anotherKeyThanThatOfTheAliasIsAChangedOne() throws Exception {
    var sshd = started(sshd());
    Files.writeString(
        home.resolve(".ssh/config"), "Host box\n HostName 127.0.0.1\n HostKeyAlias box.example\n");
    know("box.example " + TestKeys.hostKey(TestKeys.ecdsa()).line());
    assertThatThrownBy(() -> login(new TestHost("box", sshd.port()).key(key()).acceptNew()))
        .isInstanceOf(HostKeyChanged.class)
        .hasMessageContaining(knownHosts() + ":1");
    assertThat(sshd.keysShown).hasValue(0);
  }

  @Test
  void aLookAcceptsANewKeyAndWritesNothing() throws Exception {
    var sshd = started(sshd());
    var keys = HostKeys.forLooking();
    transport = transport(keys);
    login(host(sshd).acceptNew());
    login(host(sshd).acceptNew());
    assertThat(knownHosts()).doesNotExist();
    assertThat(keys.seen()).containsExactly("[127.0.0.1]:" + sshd.port() + " " + SHOWN.line());
  }

  @Test
  void aKeyThatAPersonTrustsDuringALookHoldsForItAndIsWrittenNowhere() throws Exception {
    var sshd = started(sshd());
    var keys = HostKeys.forLooking();
    transport = transport(keys);
    var unknown = catchThrowableOfType(HostKeyUnknown.class, () -> login(host(sshd)));
    transport.trust(List.of(unknown));
    login(host(sshd));
    login(host(sshd));
    assertThat(knownHosts()).doesNotExist();
    assertThat(keys.seen()).containsExactly("[127.0.0.1]:" + sshd.port() + " " + SHOWN.line());

    transport = transport(HostKeys.forLooking());
    assertThat(catchThrowableOfType(HostKeyUnknown.class, () -> login(host(sshd)))).isNotNull();
  }

  @Test
  void aKeyThatChangesDuringALookIsAnError() throws Exception {
    var keys = HostKeys.forLooking();
    var host = new TestHost("127.0.0.1", 22).acceptNew().host();
    var login =
        new Logins(
                new Workstation(
                    home, "me", home.resolve("no"), home.resolve("no"), java.util.Map.of()))
            .of(host);
    keys.verify(host, login, SHOWN);
    keys.verify(host, login, SHOWN);
    var other = TestKeys.hostKey(TestKeys.ed25519());
    assertThatThrownBy(() -> keys.verify(host, login, other))
        .isInstanceOf(HostKeyChanged.class)
        .hasMessageContaining("changed during this run");
    assertThat(keys.seen()).containsExactly("127.0.0.1 " + SHOWN.line());
  }

  @Test
  void aSavedPlanTakesTheKeysThatItSawAndNoOthers() throws Exception {
    var sshd = started(sshd());
    var looking = HostKeys.forLooking();
    transport = transport(looking);
    login(host(sshd).acceptNew());

    transport = transport(HostKeys.only(looking.seen()));
    login(host(sshd));
    assertThat(knownHosts()).doesNotExist();
    login(host(sshd).acceptNew());
    assertThat(knownHosts()).content().contains(SHOWN.line());

    var other = TestKeys.line(TestKeys.ed25519().getPublic());
    transport = transport(HostKeys.only(List.of("[127.0.0.1]:" + sshd.port() + " " + other)));
    assertThatThrownBy(() -> login(host(sshd).acceptNew()))
        .isInstanceOf(HostKeyChanged.class)
        .hasMessageContaining("not one that the plan saw");
    transport = transport(HostKeys.only(List.of()));
    assertThatThrownBy(() -> login(host(sshd).acceptNew())).isInstanceOf(HostKeyChanged.class);
  }

  @Test
  void namesTheLinesItDoesNotUse() throws Exception {
    know("@cert-authority * " + SHOWN.line());
    Files.writeString(home.resolve(".ssh/config"), "CanonicalDomains ~/c\n");
    login(host(known(sshd())));
    assertThat(transport.warnings())
        .containsExactly(
            home.resolve(".ssh/config") + ":1: 'CanonicalDomains' is not honoured",
            knownHosts() + ":1: certificate authorities are not supported, the line is not used");
  }
}
