package io.provision.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPair;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.apache.sshd.certificate.OpenSshCertificateBuilder;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.junit.jupiter.api.Test;

class CertificateTest {
  private static String line(KeyPair pair) throws Exception {
    return PublicKeyEntry.toString(
        OpenSshCertificateBuilder.userCertificate()
            .publicKey(pair.getPublic())
            .id("test")
            .principals(List.of("root"))
            .sign(TestKeys.ed25519()));
  }

  @Test
  void namesTheKeyThatItCertifies() throws Exception {
    for (var pair : List.of(TestKeys.ed25519(), TestKeys.ecdsa(), TestKeys.rsa())) {
      assertThat(Certificate.read("c", line(pair) + " comment"))
          .map(Certificate::of)
          .contains(TestKeys.hostKey(pair));
    }
  }

  @Test
  void signsAsThePlainKeyDoes() {
    assertThat(Certificate.plain("ssh-ed25519-cert-v01@openssh.com")).isEqualTo("ssh-ed25519");
    assertThat(Certificate.plain("rsa-sha2-512-cert-v01@openssh.com")).isEqualTo("rsa-sha2-512");
    assertThat(Certificate.plain("sk-ssh-ed25519-cert-v01@openssh.com"))
        .isEqualTo("sk-ssh-ed25519@openssh.com");
    assertThat(Certificate.plain("ssh-ed25519")).isEqualTo("ssh-ed25519");
  }

  /** Cut short anywhere, or another kind of file altogether, it is no certificate and no error. */
  @Test
  void whatIsNoneIsNone() throws Exception {
    var pair = TestKeys.ed25519();
    var words = line(pair).split(" ");
    var whole = Base64.getDecoder().decode(words[1]);
    for (int length = 0; length < 4 + 32 + 4 + 32 + 4 + 32; length++) {
      var cut = Base64.getEncoder().encodeToString(java.util.Arrays.copyOf(whole, length));
      assertThat(Certificate.read("c", words[0] + " " + cut)).isEmpty();
    }
    for (var text : List.of("", " ", "x", "x y", TestKeys.line(pair.getPublic()), "\0\0 \0")) {
      assertThat(Certificate.read("c", text)).isEqualTo(Optional.empty());
    }
  }
}
