package io.provision.ssh;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.provision.model.Secret;
import io.provision.remote.RemoteException;
import io.provision.remote.RemoteException.AuthFailed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How a transport proves who we are, whatever the library. */
class TransportLoginTest extends TransportFixture {

  private AuthFailed refused(TestHost host) {
    var failed = catchThrowableOfType(RemoteException.class, () -> login(host));
    assertThat(failed).isInstanceOf(AuthFailed.class);
    return (AuthFailed) failed;
  }

  @Test
  void logsInWithKeysOfEveryKindAndFormat() throws Exception {
    var all = List.of(TestKeys.ed25519(), TestKeys.ecdsa(), TestKeys.rsa());
    var sshd = known(new FakeSshd(HOST_KEY).welcoming(all.toArray(KeyPair[]::new)));
    for (var pair : all) {
      login(host(sshd).key(TestKeys.write(pair, home.resolve("keys/of-" + pair.hashCode()), "")));
    }
    for (var pair : all.subList(2, 3)) {
      login(host(sshd).key(TestKeys.writePem(pair, home.resolve("keys/pem-" + pair.hashCode()))));
    }
    assertThat(sshd.logins).hasValue(4);
  }

  @Test
  void logsInWithAKeyThatHasAPassphrase() throws Exception {
    var sshd = known(sshd());
    TestKeys.write(USER_KEY, key(), "open sesame ü");
    login(host(sshd).passphrase("open sesame ü"));
    assertThat(sshd.logins).hasValue(1);
  }

  @Test
  void namesTheFileWhosePassphraseIsMissingOrWrong() throws Exception {
    var sshd = known(sshd());
    TestKeys.write(USER_KEY, key(), "open sesame");
    assertThat(refused(host(sshd)).what()).contains(key().toString(), "has a passphrase");
    assertThat(refused(host(sshd).passphrase("s3same")).what())
        .contains(key().toString(), "passphrase is wrong")
        .doesNotContain("s3same");
    assertThat(sshd.keysShown).hasValue(0);
  }

  @Test
  void namesTheFileThatDoesNotExistOrIsNoKey() throws Exception {
    var sshd = known(sshd());
    var gone = home.resolve("keys/gone");
    assertThat(refused(host(sshd).key(gone)).what()).contains(gone + "", "does not exist");
    var text = Files.writeString(home.resolve("keys/text"), "not a key\n");
    assertThat(refused(host(sshd).key(text)).what()).contains(text + "", "cannot be used");
  }

  @Test
  void aKeyThatIsNotWelcomeIsRefusedOnceAndNamed() throws Exception {
    var sshd = known(new FakeSshd(HOST_KEY));
    assertThat(refused(host(sshd)).what()).contains("was refused", key().toString());
    assertThat(sshd.connections).hasValue(1);
  }

  @Test
  void logsInWithAPassword() throws Exception {
    var sshd = known(sshd().withPassword("päss wörd'\""));
    login(host(sshd).key().password("päss wörd'\""));
    assertThat(sshd.logins).hasValue(1);
  }

  @Test
  void answersTheOnePromptOfKeyboardInteractive() throws Exception {
    var sshd = known(sshd().withKeyboardInteractive("hunter2", "(root@h1) Password: "));
    login(host(sshd).key().password("hunter2"));
    assertThat(sshd.logins).hasValue(1);
  }

  @Test
  void namesAPromptThatHasNoAnswer() throws Exception {
    var sshd =
        known(sshd().withKeyboardInteractive("hunter2", "Password: ", "Verification code: "));
    assertThat(refused(host(sshd).key().password("hunter2")).what()).contains("Password:");
    assertThat(sshd.refusedPasswords).isEmpty();
  }

  @Test
  void triesAWrongPasswordOnlyOnce() throws Exception {
    for (var sshd :
        List.of(
            known(new FakeSshd(HOST_KEY).withPassword("right")),
            known(new FakeSshd(HOST_KEY).withKeyboardInteractive("right", "Password: ")),
            known(new FakeSshd(HOST_KEY).withBothPasswordMethods("right")))) {
      var failed = refused(host(sshd).key().password("wr0ng"));
      assertThat(sshd.refusedPasswords).containsExactly("wr0ng");
      assertThat(sshd.connections).hasValue(1);
      assertThat(failed.what() + failed.remedy()).doesNotContain("wr0ng").contains("password");
    }
  }

  @Test
  void usesTheKeyBeforeThePassword() throws Exception {
    var sshd = known(sshd().withPassword("right"));
    login(host(sshd).password("wr0ng"));
    assertThat(sshd.refusedPasswords).isEmpty();
  }

  @Test
  void logsInWithTheAgent() throws Exception {
    for (var pair : List.of(TestKeys.ed25519(), TestKeys.rsa(), TestKeys.ecdsa())) {
      var agent = agent().holding(pair);
      transport = transport(Map.of("SSH_AUTH_SOCK", agent.socket().toString()));
      var sshd = known(new FakeSshd(HOST_KEY).welcoming(pair));
      login(host(sshd).key());
      assertThat(sshd.logins).hasValue(1);
      assertThat(agent.signed).hasValue(1);
    }
  }

  @Test
  void asksTheAgentForAKeyWhosePassphraseItDoesNotKnow() throws Exception {
    var agent = agent().holding(TestKeys.ed25519(), USER_KEY);
    transport = transport(Map.of("SSH_AUTH_SOCK", agent.socket().toString()));
    var sshd = known(sshd());
    TestKeys.write(USER_KEY, key(), "secret");
    Files.writeString(
        key().resolveSibling("user.pub"), TestKeys.line(USER_KEY.getPublic()) + " comment\n");
    login(host(sshd));
    assertThat(sshd.logins).hasValue(1);
    assertThat(agent.signed).hasValue(1);
  }

  @Test
  void aPublicKeyChoosesThatOneOfTheAgent() throws Exception {
    var agent = agent();
    for (int i = 0; i < 8; i++) {
      agent.holding(TestKeys.ed25519());
    }
    agent.holding(USER_KEY);
    var open = home.resolve("chosen.pub");
    Files.writeString(open, TestKeys.line(USER_KEY.getPublic()) + " me@here\n");
    transport = transport(Map.of("SSH_AUTH_SOCK", agent.socket().toString()));
    var sshd = known(sshd());
    login(host(sshd).key(open));
    assertThat(sshd.logins).hasValue(1);
    assertThat(agent.signed).hasValue(1);
    transport = transport(Map.of());
    assertThat(refused(host(sshd).key(open)).what()).contains(open + "", "cannot be used");
  }

  @Test
  void aKeyMayComeAsTextAndIsNeverWrittenDown() throws Exception {
    for (var passphrase : List.of("", "s3same")) {
      var file = home.resolve("gone/key" + passphrase);
      TestKeys.write(USER_KEY, file, passphrase);
      var text = Files.readString(file).strip();
      Files.delete(file);
      var secret = Secret.from("${env:DEPLOY_KEY}", () -> text.getBytes(UTF_8));
      var sshd = started(sshd());
      var host = host(sshd).acceptNew().keyText(secret);
      login(passphrase.isEmpty() ? host : host.passphrase(passphrase));
      assertThat(sshd.logins).hasValue(1);
    }
    try (var files = Files.walk(home)) {
      assertThat(files.filter(Files::isRegularFile))
          .noneMatch(file -> !file.equals(key()) && contains(file, "PRIVATE KEY"));
    }
    var sshd = started(sshd());
    var garbage = Secret.from("${env:DEPLOY_KEY}", () -> "hunter2".getBytes(UTF_8));
    assertThat(refused(host(sshd).acceptNew().keyText(garbage)).what())
        .contains("${env:DEPLOY_KEY}", "cannot be used")
        .doesNotContain("hunter2");
  }

  private static boolean contains(Path file, String text) {
    try {
      return Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1).contains(text);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void doesNotSprayAllKeysOfAnAgent() throws Exception {
    var agent = agent();
    for (int i = 0; i < 9; i++) {
      agent.holding(TestKeys.ed25519());
    }
    transport = transport(Map.of("SSH_AUTH_SOCK", agent.socket().toString()));
    var sshd = known(sshd());
    assertThat(refused(host(sshd).key()).what()).contains("5 of 9 keys");
    assertThat(sshd.keysShown.get()).isBetween(1, 5);
  }

  @Test
  void keepsToTheKeyThatTheInventoryNames() throws Exception {
    var agent = agent().holding(TestKeys.ed25519());
    transport = transport(Map.of("SSH_AUTH_SOCK", agent.socket().toString()));
    login(host(known(sshd())));
    assertThat(agent.asked).hasValue(0);
  }

  @Test
  void anAgentThatIsGoneIsNamedWhenItMatters() throws Exception {
    var socket = home.resolve("gone.sock").toString();
    transport = transport(Map.of("SSH_AUTH_SOCK", socket));
    var sshd = known(sshd());
    assertThat(refused(host(sshd).key()).what()).contains("agent", socket);
    TestKeys.write(USER_KEY, home.resolve(".ssh/id_ed25519"), "");
    login(host(sshd).key());
  }

  @Test
  void findsTheDefaultKeysAndThoseOfSshConfig() throws Exception {
    var sshd = known(sshd());
    TestKeys.write(USER_KEY, home.resolve(".ssh/id_ed25519"), "");
    login(host(sshd).key());
    Files.delete(home.resolve(".ssh/id_ed25519"));
    Files.writeString(
        home.resolve(".ssh/config"),
        """
        Host db-*
          HostName 127.0.0.1
          Port %d
          User admin
          IdentityFile ~/keys/user
        """
            .formatted(sshd.port()));
    transport = transport(Map.of());
    var connection = login(new TestHost("db-1", 0).user(""));
    assertThat(connection.user()).isEqualTo("admin");
    assertThat(sshd.logins).hasValue(2);
  }

  private FakeAgent agent() throws Exception {
    var agent = new FakeAgent();
    opened.add(agent);
    return agent;
  }
}
