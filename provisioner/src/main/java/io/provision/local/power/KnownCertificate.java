package io.provision.local.power;

import io.provision.desk.DeskException;
import io.provision.model.power.Power.Trust;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** TLS to a controller whose certificate is known; there is none that takes any certificate. */
final class KnownCertificate {
  private static final int LARGEST_FILE = 1 << 20;

  private KnownCertificate() {}

  static SSLContext context(Trust trust) throws DeskException {
    try {
      var managers =
          switch (trust) {
            case Trust.Usual _ -> null; // those of this machine, names verified
            case Trust.Authorities(var file) -> authorities(file);
            case Trust.Pinned(var fingerprint) -> new TrustManager[] {new Pinned(fingerprint)};
          };
      var context = SSLContext.getInstance("TLS");
      context.init(null, managers, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new DeskException(
          "TLS cannot be set up here (%s)".formatted(e.getMessage()),
          "see the file that 'ca' names, where it does",
          e);
    }
  }

  private static TrustManager[] authorities(Path file)
      throws DeskException, GeneralSecurityException {
    var store = KeyStore.getInstance(KeyStore.getDefaultType());
    try (var in = Files.newInputStream(file)) {
      store.load(null, null);
      var all = CertificateFactory.getInstance("X.509");
      var text = new java.io.ByteArrayInputStream(in.readNBytes(LARGEST_FILE));
      for (var each : all.generateCertificates(text)) {
        store.setCertificateEntry("ca-" + store.size(), each);
      }
    } catch (IOException e) {
      throw new DeskException("%s cannot be read".formatted(file), "is it there, and yours?", e);
    }
    if (store.size() == 0) {
      throw new DeskException(
          "there is no certificate in %s".formatted(file), "write authorities there, in PEM", null);
    }
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  /** The one certificate with this digest, whatever it says of itself. */
  private static final class Pinned extends X509ExtendedTrustManager {
    private final String fingerprint;

    private Pinned(String fingerprint) {
      this.fingerprint = fingerprint;
    }

    private void require(X509Certificate[] chain) throws CertificateException {
      if (chain.length == 0) {
        throw new CertificateException("it has no certificate");
      }
      try {
        var digest = MessageDigest.getInstance("SHA-256").digest(chain[0].getEncoded());
        if (!HexFormat.of().formatHex(digest).equals(fingerprint)) {
          throw new CertificateException(
              "its certificate has another SHA-256: " + HexFormat.of().formatHex(digest));
        }
      } catch (java.security.NoSuchAlgorithmException e) {
        throw new CertificateException(e);
      }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind)
        throws CertificateException {
      require(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind, Socket socket)
        throws CertificateException {
      require(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind, SSLEngine engine)
        throws CertificateException {
      require(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind)
        throws CertificateException {
      throw new CertificateException("nobody logs in to us");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind, Socket socket)
        throws CertificateException {
      checkClientTrusted(chain, kind);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind, SSLEngine engine)
        throws CertificateException {
      checkClientTrusted(chain, kind);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
