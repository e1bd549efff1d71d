package io.provision.ssh;

import io.provision.mina.Ed25519;
import java.io.IOException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.kex.KexProposalOption;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.net.SshdSocketAddress;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.UserAuthFactory;
import org.apache.sshd.server.auth.keyboard.InteractiveChallenge;
import org.apache.sshd.server.auth.keyboard.KeyboardInteractiveAuthenticator;
import org.apache.sshd.server.auth.keyboard.PromptEntry;
import org.apache.sshd.server.auth.keyboard.UserAuthKeyboardInteractiveFactory;
import org.apache.sshd.server.auth.password.UserAuthPasswordFactory;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.channel.ChannelSessionFactory;
import org.apache.sshd.server.forward.AcceptAllForwardingFilter;
import org.apache.sshd.server.forward.DirectTcpipFactory;
import org.apache.sshd.server.session.ServerSession;

/** An SSH server on a free port of the loopback, for logins and faults as a test wants them. */
public final class FakeSshd implements AutoCloseable {
  static {
    Ed25519.register();
  }

  public final SshServer server = SshServer.setUpDefaultServer();
  public final Set<PublicKey> welcome = ConcurrentHashMap.newKeySet();
  public final List<String> refusedPasswords = new CopyOnWriteArrayList<>();
  public final AtomicInteger keysShown = new AtomicInteger();
  public final AtomicInteger logins = new AtomicInteger();
  public final AtomicInteger connections = new AtomicInteger();
  public final List<String> exchanges = new CopyOnWriteArrayList<>();
  public final List<String> forwarded = new CopyOnWriteArrayList<>();
  public final List<String> commands = new CopyOnWriteArrayList<>();
  private volatile String password = "";

  public FakeSshd(KeyPair... hostKeys) {
    server.setHost("127.0.0.1");
    server.setPort(0);
    server.setKeyPairProvider(KeyPairProvider.wrap(hostKeys));
    server.setCommandFactory(new FakeCommands(commands));
    server.setPublickeyAuthenticator((user, key, session) -> knows(key));
    server.setPasswordAuthenticator((user, given, session) -> accepts(given));
    server.setUserAuthFactories(List.<UserAuthFactory>of(UserAuthPublicKeyFactory.INSTANCE));
    CoreModuleProperties.TCP_NODELAY.set(server, true);
    server.addSessionListener(
        new org.apache.sshd.common.session.SessionListener() {
          @Override
          public void sessionCreated(Session session) {
            connections.incrementAndGet();
          }

          @Override
          public void sessionEvent(Session session, Event event) {
            if (event == Event.Authenticated) {
              logins.incrementAndGet();
              exchanges.add(session.getNegotiatedKexParameter(KexProposalOption.ALGORITHMS));
            }
          }
        });
  }

  public FakeSshd start() throws IOException {
    server.start();
    return this;
  }

  public int port() {
    return server.getPort();
  }

  private boolean knows(PublicKey key) {
    keysShown.incrementAndGet();
    return welcome.stream().anyMatch(each -> KeyUtils.compareKeys(each, key));
  }

  private boolean accepts(String given) {
    if (given.equals(password)) {
      return true;
    }
    refusedPasswords.add(given);
    return false;
  }

  public FakeSshd welcoming(KeyPair... pairs) {
    for (var pair : pairs) {
      welcome.add(pair.getPublic());
    }
    return this;
  }

  /** As with a directory that does not answer: nobody is let in, and nobody is refused. */
  public FakeSshd undecided() {
    server.setPublickeyAuthenticator((user, key, session) -> {
      java.util.concurrent.locks.LockSupport.parkNanos(15_000_000_000L);
      return false;
    });
    return this;
  }

  public FakeSshd withPassword(String word) {
    password = word;
    server.setUserAuthFactories(
        List.of(UserAuthPublicKeyFactory.INSTANCE, UserAuthPasswordFactory.INSTANCE));
    return this;
  }

  /** One method accepts the word, both ask for it: what a server with PAM does. */
  public FakeSshd withKeyboardInteractive(String word, String... prompts) {
    password = word;
    server.setKeyboardInteractiveAuthenticator(new Asking(prompts));
    server.setUserAuthFactories(List.of(UserAuthKeyboardInteractiveFactory.INSTANCE));
    return this;
  }

  public FakeSshd withBothPasswordMethods(String word) {
    withKeyboardInteractive(word, "Password: ");
    server.setUserAuthFactories(
        List.of(UserAuthPasswordFactory.INSTANCE, UserAuthKeyboardInteractiveFactory.INSTANCE));
    return this;
  }

  private final class Asking implements KeyboardInteractiveAuthenticator {
    private final List<String> prompts;

    Asking(String... prompts) {
      this.prompts = List.of(prompts);
    }

    @Override
    public InteractiveChallenge generateChallenge(
        ServerSession session, String username, String lang, String subMethods) {
      var challenge = new InteractiveChallenge();
      challenge.setInteractionName("");
      challenge.setInteractionInstruction("");
      challenge.setLanguageTag("");
      prompts.forEach(prompt -> challenge.addPrompt(new PromptEntry(prompt, false)));
      return challenge;
    }

    @Override
    public boolean authenticate(ServerSession session, String username, List<String> responses) {
      return responses.size() == 1 && accepts(responses.getFirst());
    }
  }

  /** A jump host: lets connections through. */
  public FakeSshd forwarding() {
    server.setForwardingFilter(
        new AcceptAllForwardingFilter() {
          @Override
          protected boolean checkAcceptance(
              String request, Session session, SshdSocketAddress target) {
            forwarded.add(target.getHostName() + ":" + target.getPort());
            return true;
          }
        });
    var factories =
        new ArrayList<org.apache.sshd.common.channel.ChannelFactory>(server.getChannelFactories());
    factories.removeIf(each -> each.getName().equals(DirectTcpipFactory.INSTANCE.getName()));
    factories.add(DirectTcpipFactory.INSTANCE);
    server.setChannelFactories(factories);
    return this;
  }

  /** Refuses a further session while {@code most} are open, with OpenSSH's reason. */
  public FakeSshd withMaxSessions(int most) {
    var open = new AtomicInteger();
    server.setChannelFactories(
        List.of(
            new ChannelSessionFactory() {
              @Override
              public Channel createChannel(Session session) throws IOException {
                return new Limited(open, most);
              }
            }));
    return this;
  }

  private static final class Limited extends ChannelSession {
    private final AtomicInteger open;
    private final int most;

    Limited(AtomicInteger open, int most) {
      this.open = open;
      this.most = most;
    }

    @Override
    protected org.apache.sshd.client.future.OpenFuture doInit(
        org.apache.sshd.common.util.buffer.Buffer buffer) {
      if (open.incrementAndGet() > most) {
        open.decrementAndGet();
        var refused = new org.apache.sshd.client.future.DefaultOpenFuture(this, this);
        refused.setException(
            new org.apache.sshd.common.channel.exception.SshChannelOpenException(
                getChannelId(), SshConstants.SSH_OPEN_CONNECT_FAILED, "open failed"));
        return refused;
      }
      addCloseFutureListener(closed -> open.decrementAndGet());
      return super.doInit(buffer);
    }
  }

  /** Ends all connections at once, as a crash does. */
  public void dropAll() {
    server.getActiveSessions().forEach(session -> session.close(true));
  }

  @Override
  public void close() {
    try {
      server.stop(true);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
