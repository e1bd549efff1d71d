package io.provision.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.provision.remote.RemoteException.AuthFailed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.sshd.certificate.OpenSshCertificateBuilder;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.junit.jupiter.api.Test;

/** Users' certificates, which an authority vouches for and nobody puts on the host. */
class TransportCertificateTest extends TransportFixture {
  private static final KeyPair AUTHORITY = TestKeys.ed25519();

  /** Lets in whom the authority vouches for, and nobody else. */
  private FakeSshd trusting() throws Exception {
    var sshd = new FakeSshd(HOST_KEY);
    sshd.server.setPublickeyAuthenticator((user, key, session) -> {
      sshd.keysShown.incrementAndGet();
      return key instanceof OpenSshCertificate certificate
          && KeyUtils.compareKeys(certificate.getCaPubKey(), AUTHORITY.getPublic());
    });
    return known(sshd);
  }

  private static Path certify(KeyPair pair, Path file) throws Exception {
    var certificate =
        OpenSshCertificateBuilder.userCertificate()
            .publicKey(pair.getPublic())
            .id("test")
            .principals(List.of("root"))
            .validAfter(Instant.now().minusSeconds(3600))
            .validBefore(Instant.now().plusSeconds(3600))
            .sign(AUTHORITY);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, PublicKeyEntry.toString(certificate) + " test\n");
  }

  private void configure(String... lines) throws Exception {
    Files.writeString(
        home.resolve(".ssh/config"), "Host *\n  " + String.join("\n  ", lines) + "\n");
    transport = transport(Map.of());
  }

  private String refused(TestHost host) {
    var failed = catchThrowableOfType(AuthFailed.class, () -> login(host));
    assertThat(failed).isNotNull();
    return failed.what();
  }

  @Test
  void aCertificateOfEveryKindOfKeyLogsInWhereSshConfigNamesIt() throws Exception {
    for (var pair : List.of(TestKeys.ed25519(), TestKeys.ecdsa(), TestKeys.rsa())) {
      var sshd = trusting();
      var key = TestKeys.write(pair, home.resolve("keys/certified"), "");
      certify(pair, home.resolve("vouched/for.pub"));
      configure("IdentityFile ~/keys/certified", "CertificateFile ~/vouched/for.pub");
      login(host(sshd).key());
      assertThat(sshd.logins).hasValue(1);
      configure("IdentityFile " + key);
      refused(host(sshd).key());
    }
  }

  @Test
  void theOneBesideAKeyNeedNotBeNamed() throws Exception {
    var sshd = trusting();
    certify(USER_KEY, key().resolveSibling("user-cert.pub"));
    login(host(sshd));
    configure("IdentityFile ~/keys/user");
    login(host(sshd).key());
    TestKeys.write(USER_KEY, home.resolve(".ssh/id_ed25519"), "");
    certify(USER_KEY, home.resolve(".ssh/id_ed25519-cert.pub"));
    configure("User root");
    login(host(sshd).key());
    assertThat(sshd.logins).hasValue(3);
  }

  @Test
  void theOneBesideAKeyIsNotShownWhereAnotherIsNamed() throws Exception {
    var sshd = trusting();
    certify(USER_KEY, key().resolveSibling("user-cert.pub"));
    var other = certify(TestKeys.ed25519(), home.resolve("vouched/other.pub"));
    configure("CertificateFile " + other);
    refused(host(sshd));
  }

  @Test
  void aKeyOfTheAgentIsShownWithItsCertificate() throws Exception {
    for (var pair : List.of(TestKeys.ed25519(), TestKeys.rsa())) {
      var agent = new FakeAgent().holding(pair);
      opened.add(agent);
      var sshd = trusting();
      certify(pair, home.resolve("vouched/for.pub"));
      configure("IdentityAgent " + agent.socket(), "CertificateFile ~/vouched/for.pub");
      login(host(sshd).key());
      assertThat(sshd.logins).hasValue(1);
      assertThat(agent.signed).hasValue(1);
    }
  }

  @Test
  void aHostThatTrustsNoAuthorityIsShownTheKeyAsWell() throws Exception {
    var sshd = known(sshd());
    certify(USER_KEY, key().resolveSibling("user-cert.pub"));
    login(host(sshd));
    assertThat(sshd.logins).hasValue(1);
  }

  @Test
  void aRefusedLoginSaysWhatIsWrongWithACertificate() throws Exception {
    var sshd = trusting();
    configure("CertificateFile ~/gone.pub");
    assertThat(refused(host(sshd))).contains(home.resolve("gone.pub") + "", "does not exist");
    var text = Files.writeString(home.resolve("text.pub"), "ssh-ed25519 AAAA\n");
    configure("CertificateFile " + text);
    assertThat(refused(host(sshd))).contains(text + "", "is not a certificate");
    var other = certify(TestKeys.ed25519(), home.resolve("other.pub"));
    configure("CertificateFile " + other);
    assertThat(refused(host(sshd))).contains(other + "", "certifies none of the keys");
  }
}
