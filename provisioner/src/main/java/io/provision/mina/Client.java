package io.provision.mina;

import io.provision.ssh.Attempts;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.client.ClientBuilder;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.auth.keyboard.UserAuthKeyboardInteractiveFactory;
import org.apache.sshd.client.auth.password.UserAuthPasswordFactory;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.keyverifier.RejectAllServerKeyVerifier;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.channel.RequestHandler;
import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.apache.sshd.common.io.IoConnector;
import org.apache.sshd.common.io.nio2.Nio2ServiceFactory;
import org.apache.sshd.common.kex.BuiltinDHFactories;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.apache.sshd.common.util.threads.SshThreadPoolExecutor;
import org.apache.sshd.core.CoreModuleProperties;

/**
 * The one MINA client of a process, with the defaults that are wrong for us put right: it trusts no
 * host key by itself, reads no file, keeps quiet connections alive and notices dead ones.
 */
final class Client extends SshClient {
  private static final Duration NEVER = Duration.ZERO;
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);
  private static final int HEARTBEATS_UNANSWERED = 3;

  private Client() {}

  static Client start(Attempts patience) {
    Ed25519.register();
    var client = new ClientBuilder().factory(Client::new).build(true);
    if (!(client instanceof Client ours)) {
      throw new IllegalStateException("not built by our factory: " + client);
    }
    ours.trustNothing();
    ours.chooseAlgorithms();
    ours.setTimes(patience);
    ours.start();
    return ours;
  }

  private void trustNothing() {
    setServerKeyVerifier(RejectAllServerKeyVerifier.INSTANCE);
    setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
    setKeyIdentityProvider(KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
    setAgentFactory(null);
    setGlobalRequestHandlers(
        List.<RequestHandler<org.apache.sshd.common.session.ConnectionService>>of());
    setUserAuthFactories(
        List.of(
            PublicKeyLogin.FACTORY,
            UserAuthPasswordFactory.INSTANCE,
            UserAuthKeyboardInteractiveFactory.INSTANCE));
    setSessionFactory(new SessionMaker(this));
    setIoServiceFactoryFactory(new Network());
  }

  /** AES-GCM has CPU instructions; MINA's ChaCha20 is written in Java (its issue 524). */
  private void chooseAlgorithms() {
    setCipherFactories(
        List.of(
            BuiltinCiphers.aes128gcm,
            BuiltinCiphers.aes256gcm,
            BuiltinCiphers.aes128ctr,
            BuiltinCiphers.aes192ctr,
            BuiltinCiphers.aes256ctr,
            BuiltinCiphers.cc20p1305_openssh));
    setKeyExchangeFactories(
        NamedFactory.setUpTransformedFactories(
            true,
            List.of(
                HybridExchange.INSTANCE,
                BuiltinDHFactories.curve25519,
                BuiltinDHFactories.curve25519_libssh,
                BuiltinDHFactories.ecdhp256,
                BuiltinDHFactories.ecdhp384,
                BuiltinDHFactories.ecdhp521,
                BuiltinDHFactories.dhgex256,
                BuiltinDHFactories.dhg16_512,
                BuiltinDHFactories.dhg14_256),
            ClientBuilder.DH2KEX));
  }

  private void setTimes(Attempts patience) {
    CoreModuleProperties.TCP_NODELAY.set(this, true);
    CoreModuleProperties.SOCKET_KEEPALIVE.set(this, true);
    CoreModuleProperties.IDLE_TIMEOUT.set(this, NEVER);
    CoreModuleProperties.NIO2_READ_TIMEOUT.set(this, NEVER);
    // Each connection has a deadline of its own, which says more of what it waited for.
    CoreModuleProperties.AUTH_TIMEOUT.set(this, Duration.ofDays(1));
    CoreModuleProperties.IO_CONNECT_TIMEOUT.set(this, patience.connect());
    CoreModuleProperties.HEARTBEAT_INTERVAL.set(this, HEARTBEAT);
    CoreModuleProperties.HEARTBEAT_NO_REPLY_MAX.set(this, HEARTBEATS_UNANSWERED);
    CoreModuleProperties.CHANNEL_CLOSE_TIMEOUT.set(this, Duration.ofSeconds(5));
    // A command may take its time before it reads; a dead connection ends the wait.
    CoreModuleProperties.WAIT_FOR_SPACE_TIMEOUT.set(this, Duration.ofDays(1));
    CoreModuleProperties.REQUEST_EXEC_REPLY.set(this, true);
    CoreModuleProperties.PASSWORD_PROMPTS.set(this, 1);
  }

  @Override
  protected IoConnector createConnector() {
    return new Tunnels(super.createConnector(), getSessionFactory());
  }

  /**
   * MINA waits for each TCP connection on a pool of a few threads, so a few hosts that are down
   * would hold up all others; virtual threads do not.
   */
  private static final class Network
      extends org.apache.sshd.common.io.AbstractIoServiceFactoryFactory {
    private Network() {
      super(null);
    }

    @Override
    public org.apache.sshd.common.io.IoServiceFactory create(
        org.apache.sshd.common.FactoryManager manager) {
      var waiting =
          new SshThreadPoolExecutor(
              0,
              Integer.MAX_VALUE,
              1,
              TimeUnit.SECONDS,
              new SynchronousQueue<>(),
              Thread.ofVirtual().name("ssh-connect-", 0).factory());
      return new Nio2ServiceFactory(manager, null, waiting);
    }
  }
}
