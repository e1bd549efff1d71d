package io.provision.rehearsal;

import java.security.KeyFactory;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.KEM;
import org.apache.sshd.common.digest.BuiltinDigests;
import org.apache.sshd.common.digest.Digest;
import org.apache.sshd.common.kex.DHFactory;
import org.apache.sshd.common.kex.KeyEncapsulationMethod;
import org.apache.sshd.common.kex.KeyExchangeFactory;
import org.apache.sshd.common.kex.MontgomeryCurve;
import org.apache.sshd.common.kex.XDH;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.kex.DHGServer;

/** The server's side of {@code mlkem768x25519-sha256}, which MINA has by Bouncy Castle only. */
public final class HybridServer implements DHFactory {
  /** SubjectPublicKeyInfo up to the 1184 bytes of a key of ML-KEM-768 (RFC 9935). */
  private static final byte[] PREFIX =
      HexFormat.of().parseHex("308204b2300b0609608648016503040402038204a100");

  private static final int PUBLIC_KEY = 1184;

  /** Has a server offer it first. */
  public static void offer(SshServer server) {
    var all = new ArrayList<KeyExchangeFactory>();
    all.add(DHGServer.newFactory(new HybridServer()));
    all.addAll(server.getKeyExchangeFactories());
    server.setKeyExchangeFactories(List.copyOf(all));
  }

  private HybridServer() {}

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
    return true;
  }

  @Override
  public XDH create(Object... parameters) throws Exception {
    return new XDH(MontgomeryCurve.x25519, true) {
      @Override
      public KeyEncapsulationMethod getKeyEncapsulation() {
        return new Method();
      }

      @Override
      public Digest getHash() {
        return BuiltinDigests.sha256.create();
      }
    };
  }

  private static final class Method implements KeyEncapsulationMethod {
    @Override
    public Client getClient() {
      throw new UnsupportedOperationException("this is the server's side");
    }

    @Override
    public Server getServer() {
      return new Encapsulating();
    }
  }

  private static final class Encapsulating implements KeyEncapsulationMethod.Server {
    private byte[] secret = {};
    private byte[] encapsulation = {};

    @Override
    public int getPublicKeyLength() {
      return PUBLIC_KEY;
    }

    @Override
    public byte[] init(byte[] sent) {
      try {
        var encoded = Arrays.copyOf(PREFIX, PREFIX.length + PUBLIC_KEY);
        System.arraycopy(sent, 0, encoded, PREFIX.length, PUBLIC_KEY);
        var key = KeyFactory.getInstance("ML-KEM").generatePublic(new X509EncodedKeySpec(encoded));
        var made = KEM.getInstance("ML-KEM").newEncapsulator(key).encapsulate();
        secret = made.key().getEncoded();
        encapsulation = made.encapsulation();
        return Arrays.copyOfRange(sent, PUBLIC_KEY, sent.length);
      } catch (java.security.GeneralSecurityException e) {
        throw new IllegalArgumentException(e);
      }
    }

    @Override
    public byte[] getSecret() {
      return secret.clone();
    }

    @Override
    public byte[] getEncapsulation() {
      return encapsulation.clone();
    }
  }
}
