package io.provision.remote;

import io.provision.model.Host;
import io.provision.model.SshAddress;
import java.nio.file.Path;

/**
 * What can go wrong between here and a host, in words for an operator: what happened, then what to
 * do. Nothing here ever holds a secret.
 */
public abstract sealed class RemoteException extends Exception {
  private final String remedy;

  RemoteException(String what, String remedy, @org.jspecify.annotations.Nullable Throwable cause) {
    super(what, cause);
    this.remedy = remedy;
  }

  /** What happened, with its evidence. */
  public String what() {
    return String.valueOf(getMessage());
  }

  /** What the operator can do. */
  public String remedy() {
    return remedy;
  }

  /** Nothing was executed: no route, refused, timed out, a jump host that is down. */
  public static final class Unreachable extends RemoteException {
    public Unreachable(
        String what, String remedy, @org.jspecify.annotations.Nullable Throwable cause) {
      super(what, remedy, cause);
    }
  }

  /** The host answered and refused the login. */
  public static final class AuthFailed extends RemoteException {
    public AuthFailed(
        String what, String remedy, @org.jspecify.annotations.Nullable Throwable cause) {
      super(what, remedy, cause);
    }
  }

  /** The login worked; becoming root did not. */
  public static final class BecomeFailed extends RemoteException {
    public BecomeFailed(String what, String remedy) {
      super(what, remedy, null);
    }
  }

  /** The host is in no known_hosts. The connection was closed before authentication. */
  public static final class HostKeyUnknown extends RemoteException {
    private final transient Host host;
    private final transient SshAddress address;
    private final int port;
    private final String knownAs;
    private final String keyLine;
    private final String fingerprint;
    private final transient Path knownHosts;

    /**
     * @param address what was connected to (of a jump host, its own)
     * @param knownAs its name in known_hosts
     * @param keyLine algorithm and base64 key as known_hosts writes them
     * @param fingerprint {@code SHA256:...} as OpenSSH prints it
     */
    public HostKeyUnknown(
        Host host,
        SshAddress address,
        int port,
        String knownAs,
        String keyLine,
        String fingerprint,
        Path knownHosts) {
      super(
          "its host key is not known (%s %s)".formatted(keyLine.split(" ", 2)[0], fingerprint),
          "compare it with the host's own: 'ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub', then"
              + " add it to %s, or set 'ssh.host_keys: accept-new'".formatted(knownHosts),
          null);
      this.host = host;
      this.address = address;
      this.port = port;
      this.knownAs = knownAs;
      this.keyLine = keyLine;
      this.fingerprint = fingerprint;
      this.knownHosts = knownHosts;
    }

    public Host host() {
      return host;
    }

    public SshAddress address() {
      return address;
    }

    public int port() {
      return port;
    }

    public String knownAs() {
      return knownAs;
    }

    public String keyLine() {
      return keyLine;
    }

    public String fingerprint() {
      return fingerprint;
    }

    public Path knownHosts() {
      return knownHosts;
    }
  }

  /** The host shows another key than the known one. Always fatal. */
  public static final class HostKeyChanged extends RemoteException {
    public HostKeyChanged(String what, String remedy) {
      super(what, remedy, null);
    }
  }

  /** The connection ended while a command ran: its outcome is unknown, it must be looked at. */
  public static final class Lost extends RemoteException {
    public Lost(String what, @org.jspecify.annotations.Nullable Throwable cause) {
      super(
          what, "run the same command again: what was done is found, the rest is finished", cause);
    }
  }

  /** The host answered with something that is no answer to what was asked. */
  public static final class CommandFailed extends RemoteException {
    public CommandFailed(String what, String remedy) {
      super(what, remedy, null);
    }
  }
}
