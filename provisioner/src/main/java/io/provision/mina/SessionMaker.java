package io.provision.mina;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.apache.sshd.client.ClientFactoryManager;
import org.apache.sshd.client.session.ClientSessionImpl;
import org.apache.sshd.client.session.SessionFactory;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.kex.KeyExchangeFactory;
import org.apache.sshd.common.util.Readable;
import org.apache.sshd.common.util.buffer.Buffer;

/** Makes sessions that know their {@link Dial} before the first byte is sent. */
final class SessionMaker extends SessionFactory {
  SessionMaker(ClientFactoryManager client) {
    super(client);
  }

  @Override
  protected ClientSessionImpl doCreateSession(IoSession ioSession) throws Exception {
    var session = new Counted(getClient(), ioSession);
    var dial = session.dial();
    session.setServerKeyVerifier(dial);
    session.setUserInteraction(new MinaPasswordOnce(dial.handshake()));
    // MINA proposes a fixed order; a host known by one of its keys would seem to have changed.
    session.setSignatureFactoriesNames(dial.handshake().hostKeyAlgorithms());
    session.setKeyExchangeFactories(chosen(dial.handshake().login().keyExchanges()));
    return session;
  }

  private List<KeyExchangeFactory> chosen(List<String> names) {
    var all = getClient().getKeyExchangeFactories();
    return names.stream()
        .flatMap(name -> all.stream().filter(it -> it.getName().equals(name)))
        .toList();
  }

  @Override
  public void messageReceived(IoSession ioSession, Readable message) throws Exception {
    if (getSession(ioSession) instanceof Counted session) {
      session.dial().handshake().received(message.available());
    }
    super.messageReceived(ioSession, message);
  }

  private static Object getSession(IoSession ioSession) {
    return org.apache.sshd.common.session.helpers.AbstractSession.getSession(ioSession);
  }

  /** Counts what goes out, packet headers and padding included. */
  private static final class Counted extends ClientSessionImpl {
    Counted(ClientFactoryManager client, IoSession ioSession) throws Exception {
      super(client, ioSession);
    }

    Dial dial() {
      return Objects.requireNonNull(
          Dial.of(getConnectionContext()), "a session that nobody asked for");
    }

    @Override
    protected Buffer encode(Buffer buffer) throws IOException {
      var encoded = super.encode(buffer);
      dial().handshake().sent(encoded.available());
      return encoded;
    }
  }
}
