package io.provision.mina;

import io.provision.ssh.HostKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.sshd.client.auth.AbstractUserAuthFactory;
import org.apache.sshd.client.auth.UserAuth;
import org.apache.sshd.client.auth.UserAuthFactory;
import org.apache.sshd.client.auth.pubkey.KeyAgentIdentity;
import org.apache.sshd.client.auth.pubkey.KeyPairIdentity;
import org.apache.sshd.client.auth.pubkey.PublicKeyIdentity;
import org.apache.sshd.client.auth.pubkey.UserAuthPublicKey;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.kex.extension.DefaultClientKexExtensionHandler;
import org.apache.sshd.common.signature.SignatureFactoriesManager;
import org.jspecify.annotations.Nullable;

/**
 * Logs in with keys: those of files first, then the agent's, five in all, since sshd counts each as
 * a failure (MaxAuthTries 6). A single key is not announced first but signs at once, which saves a
 * round trip.
 */
final class PublicKeyLogin extends UserAuthPublicKey {
  private static final int MOST = 5;

  static final UserAuthFactory FACTORY =
      new AbstractUserAuthFactory(NAME) {
        @Override
        public UserAuth createUserAuth(ClientSession session) {
          return new PublicKeyLogin();
        }
      };

  private @Nullable Agent agent;
  private boolean single;
  private boolean sent;

  private static Dial dial(ClientSession session) {
    return Objects.requireNonNull(Dial.of(session.getConnectionContext()), "no dial");
  }

  @Override
  protected Iterator<PublicKeyIdentity> createPublicKeyIterator(
      ClientSession session, SignatureFactoriesManager manager) {
    var dial = dial(session);
    var all = new ArrayList<Named>();
    var files = new ArrayList<HostKey>();
    for (var each : dial.keys().keys()) {
      var wire = Dial.wire(each.key().getPublic());
      all.addAll(
          withCertificates(
              dial, wire, new KeyPairIdentity(this, session, each.key()), each.name()));
      files.add(wire);
    }
    if (!dial.handshake().login().identitiesOnly() || !dial.keys().publicOnly().isEmpty()) {
      agentKeys(dial, files, all);
    }
    dial.keys().ofNoKey(all.stream().map(Named::name).toList()).forEach(dial.handshake()::note);
    single = all.size() == 1;
    if (all.size() > MOST) {
      dial.handshake().note("only the first %d of %d keys were tried".formatted(MOST, all.size()));
    }
    return List.<PublicKeyIdentity>copyOf(all.subList(0, Math.min(MOST, all.size()))).iterator();
  }

  /** A key, behind the certificates that vouch for it. */
  private static List<Named> withCertificates(
      Dial dial, HostKey wire, PublicKeyIdentity key, String name) {
    var all = new ArrayList<Named>();
    for (var certificate : dial.keys().certificatesOf(wire)) {
      try {
        all.add(new Named(MinaCertified.of(key, certificate), certificate.name()));
      } catch (IOException | RuntimeException e) {
        dial.handshake()
            .note(
                "the certificate %s is not used (%s)"
                    .formatted(certificate.name(), e.getMessage()));
      }
    }
    all.add(new Named(key, name));
    return all;
  }

  private void agentKeys(Dial dial, List<HostKey> files, List<Named> all) {
    var login = dial.handshake().login();
    if (login.agent().isEmpty()) {
      return;
    }
    var socket = login.agent().get();
    try {
      var open = new Agent(socket);
      agent = open;
      for (var entry : open.getIdentities()) {
        var key = Dial.wire(entry.getKey());
        var named = dial.keys().publicOnly().contains(key);
        if (!files.contains(key) && (named || !login.identitiesOnly())) {
          var identity = new KeyAgentIdentity(open, entry.getKey(), entry.getValue());
          all.addAll(
              named ? 0 : all.size(),
              withCertificates(dial, key, identity, "agent: " + entry.getValue()));
        }
      }
    } catch (IOException | RuntimeException e) {
      dial.handshake()
          .note("the agent at %s does not answer (%s)".formatted(socket, e.getMessage()));
    }
  }

  /** A key and what people call it. */
  private record Named(PublicKeyIdentity identity, String name) implements PublicKeyIdentity {
    @Override
    public java.security.KeyPair getKeyIdentity() {
      return identity.getKeyIdentity();
    }

    @Override
    public java.util.Map.Entry<String, byte[]> sign(
        org.apache.sshd.common.session.SessionContext session, String algorithm, byte[] data)
        throws Exception {
      return identity.sign(session, algorithm, data);
    }
  }

  @Override
  protected boolean sendAuthDataRequest(ClientSession session, String service) throws Exception {
    if (single && !sent) {
      current = resolveAttemptedPublicKeyIdentity(session, service, null);
      var algorithm = current == null ? null : algorithm(session, current);
      if (algorithm != null) {
        sent = true;
        name(session);
        sendSigned(session, service, algorithm);
        return true;
      }
    }
    if (single && sent) {
      return false;
    }
    var more = super.sendAuthDataRequest(session, service);
    if (more) {
      name(session);
    }
    return more;
  }

  /** What an agent can sign with need not be known here: keys on security tokens are not. */
  @Override
  protected @Nullable String getDefaultSignatureAlgorithm(
      ClientSession session,
      String service,
      PublicKeyIdentity identity,
      java.security.KeyPair pair,
      String type) {
    return isCertified(identity) ? MinaCertified.algorithm(type) : isAgents(identity) ? type : null;
  }

  private static boolean isCertified(PublicKeyIdentity identity) {
    return identity instanceof Named named && named.identity() instanceof MinaCertified;
  }

  private static boolean isAgents(PublicKeyIdentity identity) {
    return identity instanceof Named named && named.identity() instanceof KeyAgentIdentity;
  }

  private void name(ClientSession session) {
    if (current instanceof Named named) {
      var print = KeyUtils.getFingerPrint(named.getKeyIdentity().getPublic());
      dial(session).handshake().offer("%s (%s)".formatted(named.name(), print));
    }
  }

  /** RSA keys sign with what the server announced (RFC 8308), all others with their own name. */
  private static @Nullable String algorithm(ClientSession session, PublicKeyIdentity identity) {
    var type = KeyUtils.getKeyType(identity.getKeyIdentity().getPublic());
    if (isAgents(identity) && !type.equals("ssh-rsa")) {
      return type;
    }
    if (!type.equals("ssh-rsa")) {
      return NamedResource.findByName(
                  type, String.CASE_INSENSITIVE_ORDER, session.getSignatureFactories())
              == null
          ? null
          : type;
    }
    var announced = session.getAttribute(DefaultClientKexExtensionHandler.SERVER_ALGORITHMS);
    var known = announced == null ? Set.<String>of() : announced;
    return known.isEmpty() || known.contains("rsa-sha2-512")
        ? "rsa-sha2-512"
        : known.contains("rsa-sha2-256") ? "rsa-sha2-256" : null;
  }

  /** The request that otherwise follows SSH_MSG_USERAUTH_PK_OK (RFC 4252 §7). */
  private void sendSigned(ClientSession session, String service, String algorithm)
      throws Exception {
    var user = session.getUsername();
    var key = Objects.requireNonNull(current).getKeyIdentity().getPublic();
    var buffer = session.createBuffer(SshConstants.SSH_MSG_USERAUTH_REQUEST);
    buffer.putString(user);
    buffer.putString(service);
    buffer.putString(NAME);
    buffer.putBoolean(true);
    buffer.putString(algorithm);
    buffer.putPublicKey(key);
    appendSignature(session, service, NAME, user, algorithm, key, null, buffer);
    session.writePacket(buffer);
  }

  @Override
  protected void releaseKeys() throws IOException {
    super.releaseKeys();
    if (agent != null) {
      agent.close();
      agent = null;
    }
  }
}
