package io.provision.jsch;

import com.jcraft.jsch.HostKeyRepository;
import com.jcraft.jsch.UserInfo;
import io.provision.ssh.Handshake;
import org.jspecify.annotations.Nullable;

/** Hands JSch's question on to the index that all of the program shares. */
final class KnownKeys implements HostKeyRepository {
  private static final com.jcraft.jsch.HostKey[] NONE = {};
  private final Handshake handshake;

  KnownKeys(Handshake handshake) {
    this.handshake = handshake;
  }

  @Override
  public int check(String host, byte[] key) {
    return handshake.verify(io.provision.ssh.HostKey.of(key)) ? OK : NOT_INCLUDED;
  }

  @Override
  public void add(com.jcraft.jsch.HostKey key, UserInfo user) {
    throw new IllegalStateException("only what verifies keys adds them");
  }

  @Override
  public void remove(String host, String type) {
    throw new IllegalStateException("no key is ever removed");
  }

  @Override
  public void remove(String host, String type, byte @Nullable [] key) {
    throw new IllegalStateException("no key is ever removed");
  }

  @Override
  public String getKnownHostsRepositoryID() {
    return "known_hosts";
  }

  @Override
  public com.jcraft.jsch.HostKey[] getHostKey() {
    return NONE;
  }

  @Override
  public com.jcraft.jsch.HostKey[] getHostKey(@Nullable String host, @Nullable String type) {
    return NONE;
  }
}
