package io.provision.jsch;

import com.jcraft.jsch.AgentIdentityRepository;
import com.jcraft.jsch.AgentProxyException;
import com.jcraft.jsch.Identity;
import com.jcraft.jsch.IdentityRepository;
import com.jcraft.jsch.KeyPair;
import com.jcraft.jsch.SSHAgentConnector;
import io.provision.ssh.Handshake;
import io.provision.ssh.HostKey;
import io.provision.ssh.KeyFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Vector;

/**
 * The keys of one login: those of files first, then the agent's, five in all, since sshd counts
 * each as a failure (MaxAuthTries 6).
 */
final class Identities implements IdentityRepository {
  private static final int MOST = 5;

  private final List<Identity> keys;

  private Identities(List<Identity> keys) {
    this.keys = keys;
  }

  static Identities of(Handshake handshake, KeyFiles.Loaded<KeyPair> loaded) {
    var all = new ArrayList<Identity>();
    for (var each : loaded.keys()) {
      all.addAll(withCertificates(handshake, loaded, new FromFile(each.key()), each.name()));
    }
    if (!handshake.login().identitiesOnly() || !loaded.publicOnly().isEmpty()) {
      agentKeys(handshake, loaded, all);
    }
    loaded.ofNoKey(all.stream().map(Identity::getName).toList()).forEach(handshake::note);
    if (all.size() > MOST) {
      handshake.note("only the first %d of %d keys were tried".formatted(MOST, all.size()));
    }
    return new Identities(List.copyOf(all.subList(0, Math.min(MOST, all.size()))));
  }

  /** A key, behind the certificates that vouch for it. */
  private static List<Identity> withCertificates(
      Handshake handshake, KeyFiles.Loaded<KeyPair> loaded, Identity key, String name) {
    var all = new ArrayList<Identity>();
    for (var certificate : loaded.certificatesOf(HostKey.of(key.getPublicKeyBlob()))) {
      all.add(new Shown(handshake, certificate.name(), new JschCertified(key, certificate)));
    }
    all.add(new Shown(handshake, name, key));
    return all;
  }

  private static void agentKeys(
      Handshake handshake, KeyFiles.Loaded<KeyPair> loaded, List<Identity> all) {
    if (handshake.login().agent().isEmpty()) {
      return;
    }
    var socket = handshake.login().agent().get();
    try {
      var connector = new SSHAgentConnector(socket);
      if (!connector.isAvailable()) {
        handshake.note("the agent at %s does not answer".formatted(socket));
        return;
      }
      var files = all.stream().map(each -> HostKey.of(each.getPublicKeyBlob())).toList();
      for (var identity : new AgentIdentityRepository(connector).getIdentities()) {
        var key = HostKey.of(identity.getPublicKeyBlob());
        var named = loaded.publicOnly().contains(key);
        if (!files.contains(key) && (named || !handshake.login().identitiesOnly())) {
          all.addAll(
              named ? 0 : all.size(),
              withCertificates(handshake, loaded, identity, "agent: " + identity.getName()));
        }
      }
    } catch (AgentProxyException e) {
      handshake.note("the agent at %s does not answer (%s)".formatted(socket, e.getMessage()));
    }
  }

  boolean single() {
    return keys.size() == 1;
  }

  @Override
  public Vector<Identity> getIdentities() {
    return new Vector<>(keys);
  }

  @Override
  public String getName() {
    return "of one login";
  }

  @Override
  public int getStatus() {
    return RUNNING;
  }

  @Override
  public boolean add(byte[] identity) {
    return false;
  }

  @Override
  public boolean remove(byte[] blob) {
    return false;
  }

  @Override
  public void removeAll() {
    // They belong to the login.
  }

  /** A key out of a file, decrypted already; shared by many sessions. */
  private record FromFile(KeyPair pair) implements Identity {
    @Override
    public boolean setPassphrase(byte[] passphrase) {
      return true;
    }

    @Override
    public byte[] getPublicKeyBlob() {
      return pair.getPublicKeyBlob();
    }

    @Override
    public byte[] getSignature(byte[] data) {
      return pair.getSignature(data);
    }

    @Override
    public byte[] getSignature(byte[] data, String algorithm) {
      return pair.getSignature(data, algorithm);
    }

    @Override
    public String getAlgName() {
      return HostKey.of(pair.getPublicKeyBlob()).type();
    }

    @Override
    public String getName() {
      return "file";
    }

    @Override
    public boolean isEncrypted() {
      return false;
    }

    @Override
    public void clear() {
      // The next session uses it as well.
    }
  }

  /** A key that says so when it is shown to a host. */
  private record Shown(Handshake handshake, String name, Identity key) implements Identity {
    @Override
    public boolean setPassphrase(byte[] passphrase) {
      return true;
    }

    @Override
    public byte[] getPublicKeyBlob() {
      return key.getPublicKeyBlob();
    }

    @Override
    public byte[] getSignature(byte[] data) {
      return key.getSignature(data);
    }

    @Override
    public byte[] getSignature(byte[] data, String algorithm) {
      return key.getSignature(data, algorithm);
    }

    /** JSch asks for it right before it shows the key. */
    @Override
    public String getAlgName() {
      var print = HostKey.of(key.getPublicKeyBlob()).fingerprint();
      handshake.offer("%s (%s)".formatted(name, print));
      return key.getAlgName();
    }

    @Override
    public String getName() {
      return name;
    }

    @Override
    public boolean isEncrypted() {
      return false;
    }

    @Override
    public void clear() {
      key.clear();
    }
  }
}
