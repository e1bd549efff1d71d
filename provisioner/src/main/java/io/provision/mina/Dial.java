package io.provision.mina;

import io.provision.ssh.Handshake;
import io.provision.ssh.HostKey;
import io.provision.ssh.KeyFiles;
import io.provision.ssh.ProxyCommand;
import java.net.SocketAddress;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.Optional;
import org.apache.sshd.client.keyverifier.ServerKeyVerifier;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.AttributeRepository;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a session of MINA's is made for; handed through it as its context.
 *
 * @param proxy the command that connects, started
 * @param through the jump host's session whose tunnel it uses
 */
record Dial(
    Handshake handshake,
    KeyFiles.Loaded<KeyPair> keys,
    Optional<ProxyCommand.Running> proxy,
    Optional<ClientSession> through)
    implements ServerKeyVerifier {
  static final AttributeRepository.AttributeKey<Dial> KEY =
      new AttributeRepository.AttributeKey<>();

  AttributeRepository context() {
    return AttributeRepository.ofKeyValuePair(KEY, this);
  }

  static @Nullable Dial of(@Nullable AttributeRepository context) {
    return context == null ? null : context.getAttribute(KEY);
  }

  static HostKey wire(PublicKey key) {
    var buffer = new ByteArrayBuffer();
    buffer.putRawPublicKey(key);
    return HostKey.of(buffer.getCompactData());
  }

  @Override
  public boolean verifyServerKey(ClientSession session, SocketAddress remote, PublicKey key) {
    return handshake.verify(wire(key));
  }
}
