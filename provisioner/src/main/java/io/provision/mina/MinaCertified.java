package io.provision.mina;

import io.provision.ssh.Certificate;
import java.io.IOException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.Map;
import org.apache.sshd.client.auth.pubkey.PublicKeyIdentity;
import org.apache.sshd.common.session.SessionContext;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;

/**
 * A key that is shown with an authority's word for it, and signs as ever.
 *
 * @param shown the certificate, as MINA has it
 */
record MinaCertified(PublicKeyIdentity key, PublicKey shown) implements PublicKeyIdentity {
  /** RSA certificates sign with SHA-2 (RFC 8332); every sshd that knows these names has both. */
  private static final String RSA = "rsa-sha2-512-cert-v01@openssh.com";

  /**
   * @throws IOException where MINA does not understand it
   */
  static MinaCertified of(PublicKeyIdentity key, Certificate certificate) throws IOException {
    return new MinaCertified(
        key, new ByteArrayBuffer(certificate.whole().blob()).getRawPublicKey());
  }

  static String algorithm(String type) {
    return type.startsWith("ssh-rsa-") ? RSA : type;
  }

  @Override
  public KeyPair getKeyIdentity() {
    return new KeyPair(shown, key.getKeyIdentity().getPrivate());
  }

  @Override
  public Map.Entry<String, byte[]> sign(SessionContext session, String algorithm, byte[] data)
      throws Exception {
    var signed = key.sign(session, Certificate.plain(algorithm), data);
    return Map.entry(algorithm, signed.getValue());
  }
}
