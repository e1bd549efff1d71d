package io.provision.mina;

import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.util.Arrays;
import javax.crypto.KEM;
import org.apache.sshd.common.digest.BuiltinDigests;
import org.apache.sshd.common.digest.Digest;
import org.apache.sshd.common.kex.DHFactory;
import org.apache.sshd.common.kex.KeyEncapsulationMethod;
import org.apache.sshd.common.kex.MontgomeryCurve;
import org.apache.sshd.common.kex.XDH;
import org.jspecify.annotations.Nullable;

/**
 * {@code mlkem768x25519-sha256} (draft-ietf-sshm-mlkem-hybrid-kex), which OpenSSH prefers since
 * 10.0: what is recorded today cannot be read by a quantum computer of tomorrow. MINA has it by
 * Bouncy Castle only; ML-KEM is the JDK's here (JEP 496).
 */
final class HybridExchange implements DHFactory {
  static final DHFactory INSTANCE = new HybridExchange();

  private static final String ALGORITHM = "ML-KEM-768";

  /** Bytes of a public key and of what is encapsulated by it: FIPS 203, section 8, table 3. */
  private static final int PUBLIC_KEY = 1184;

  private static final int ENCAPSULATED = 1088;

  private HybridExchange() {}

  @Override
  public String getName() {
    return "mlkem768x25519-sha256";
  }

  @Override
  public boolean isGroupExchange() {
    return false;
  }

  @Override
  public boolean isSupported() {
    return MontgomeryCurve.x25519.isSupported();
  }

  @Override
  public XDH create(Object... parameters) throws Exception {
    return new XDH(MontgomeryCurve.x25519, true) {
      @Override
      public KeyEncapsulationMethod getKeyEncapsulation() {
        return new Encapsulation();
      }

      @Override
      public Digest getHash() {
        return BuiltinDigests.sha256.create();
      }
    };
  }

  private static final class Encapsulation implements KeyEncapsulationMethod {
    @Override
    public Client getClient() {
      return new Receiver();
    }

    @Override
    public Server getServer() {
      throw new UnsupportedOperationException("nobody logs in here");
    }
  }

  /** The one who sends a public key, and gets a secret encapsulated by it. */
  private static final class Receiver implements KeyEncapsulationMethod.Client {
    private @Nullable PrivateKey secret;
    private byte[] open = {};

    @Override
    public void init() {
      try {
        var pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
        var encoded = pair.getPublic().getEncoded(); // SubjectPublicKeyInfo, which ends with it
        open = Arrays.copyOfRange(encoded, encoded.length - PUBLIC_KEY, encoded.length);
        secret = pair.getPrivate();
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("the JDK has no " + ALGORITHM, e);
      }
    }

    @Override
    public byte[] getPublicKey() {
      return open.clone();
    }

    @Override
    public byte[] extractSecret(byte[] encapsulated) {
      try {
        return KEM.getInstance(ALGORITHM)
            .newDecapsulator(secret)
            .decapsulate(encapsulated)
            .getEncoded();
      } catch (GeneralSecurityException e) {
        throw new IllegalArgumentException(e.getMessage(), e);
      }
    }

    @Override
    public int getEncapsulationLength() {
      return ENCAPSULATED;
    }
  }
}
