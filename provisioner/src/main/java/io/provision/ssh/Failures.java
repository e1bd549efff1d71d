package io.provision.ssh;

import io.provision.remote.RemoteException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The words for what goes wrong, the same whichever library meets it. */
public final class Failures {
  private Failures() {}

  /** No TCP connection; tried once more at most, since a host that is down stays down. */
  public static Attempts.Dropped noConnection(Login login, Throwable cause) {
    var what = "%s cannot be reached (%s)".formatted(login.address(), evidence(cause));
    var reason = new RemoteException.Unreachable(what, WHETHER_IT_IS_UP, cause);
    return new Attempts.Dropped(reason, 2);
  }

  /** The name leads nowhere; no use in asking again. */
  public static RemoteException noSuchName(Login login, Throwable cause) {
    return new RemoteException.Unreachable(
        "%s has no address (name not known)".formatted(login.hostName()),
        "correct 'address:' in the inventory or HostName in ssh_config",
        cause);
  }

  /** Connected, then dropped before authentication: as MaxStartups and PerSourcePenalties do. */
  public static Attempts.Dropped dropped(Login login, Throwable cause) {
    var what =
        "%s closed the connection before the login (%s)"
            .formatted(login.address(), evidence(cause));
    var reason =
        new RemoteException.Unreachable(
            what, "check that it is sshd that listens there, its MaxStartups and its log", cause);
    return new Attempts.Dropped(reason, Integer.MAX_VALUE);
  }

  /** The command that was to connect has ended. */
  public static Attempts.Dropped noProxy(Login login, String evidence) {
    var reason =
        new RemoteException.Unreachable(
            "%s cannot be reached by ProxyCommand '%s' (%s)"
                .formatted(login.address(), login.proxy().orElseThrow(), evidence),
            "run that command by hand: it must print the host's prompts, 'SSH-2.0-...'",
            null);
    return new Attempts.Dropped(reason, 2);
  }

  /** The time for a connection is used up: where it stood still then. */
  public static RemoteException tooSlow(
      Login login, HandshakePhase phase, Deadline deadline, @Nullable Throwable cause) {
    var where =
        login
            .proxy()
            .map(command -> login.address() + " behind ProxyCommand '" + command + "'")
            .orElse(login.address());
    var budget = deadline.budget();
    var late =
        "timed out after %s s"
            .formatted(
                java.math.BigDecimal.valueOf(budget.toMillis(), 3)
                    .stripTrailingZeros()
                    .toPlainString());
    return switch (phase) {
      case CONNECTING ->
          new RemoteException.Unreachable(
              "%s cannot be reached (%s)".formatted(where, late), WHETHER_IT_IS_UP, cause);
      case GREETING ->
          new RemoteException.Unreachable(
              "%s accepts the connection and then says nothing (%s)".formatted(where, late),
              "see whether the host hangs or is paused, and that it is sshd that listens there",
              cause);
      case KEY_EXCHANGE ->
          new RemoteException.Unreachable(
              "%s stopped answering in the key exchange (%s)".formatted(where, late),
              "see whether large packets reach it (the MTU of a VPN or tunnel between), and its load",
              cause);
      case LOGIN ->
          new RemoteException.Unreachable(
              "%s does not decide on the login (%s)".formatted(where, late),
              "see in its log what sshd waits for (PAM, a directory, DNS), or raise ssh.timeout",
              cause);
    };
  }

  private static final String WHETHER_IT_IS_UP =
      "check that the host is up, its address and port, and firewalls between";

  /** Client and server have no algorithm in common. */
  public static RemoteException noCommonAlgorithm(Login login, String evidence) {
    return new RemoteException.Unreachable(
        "%s and this program have no algorithm in common (%s)".formatted(login.address(), evidence),
        "bring the host's sshd up to date; SHA-1 and CBC are not spoken here",
        null);
  }

  /** The jump host let nobody through to the target. */
  public static Attempts.Dropped noTunnel(Login hop, Login target, String evidence) {
    var reason =
        new RemoteException.Unreachable(
            "%s cannot be reached through %s (%s)".formatted(target.address(), hop, evidence),
            "check that the jump host reaches it, and AllowTcpForwarding in its sshd_config",
            null);
    return new Attempts.Dropped(reason, 2);
  }

  /**
   * The host refused the login.
   *
   * @param offered what was tried, in words, without secrets
   */
  public static RemoteException refused(Login login, List<String> offered, List<String> notes) {
    var tried = offered.isEmpty() ? "nothing to offer" : "offered: " + String.join(", ", offered);
    var more = notes.isEmpty() ? "" : "; " + String.join("; ", notes);
    return new RemoteException.AuthFailed(
        "the login %s was refused (%s%s)".formatted(login, tried, more),
        "set ssh.user, ssh.key or ssh.password for it, or add a key to the agent with ssh-add",
        null);
  }

  /** A key that somebody named cannot be used. */
  public static RemoteException key(String file, String evidence, String remedy) {
    return new RemoteException.AuthFailed(
        "the key %s cannot be used (%s)".formatted(file, evidence), remedy, null);
  }

  /** The server has no session for us although none of ours is open. */
  public static RemoteException noSession(Login login, String evidence) {
    return new RemoteException.CommandFailed(
        "%s opens no session (%s)".formatted(login.address(), evidence),
        "check MaxSessions in its sshd_config, and its log");
  }

  /** The connection is gone, and nothing of the command at hand was executed. */
  public static RemoteException gone(Login login, Throwable cause) {
    return new RemoteException.Lost(
        "the connection to %s is gone (%s)".formatted(login.address(), evidence(cause)), cause);
  }

  public static RemoteException interrupted(InterruptedException cause) {
    return new RemoteException.Unreachable(
        "interrupted while connecting", "run the same command again", cause);
  }

  /** The innermost thing said, in a person's words where the JDK has others. */
  public static String evidence(Throwable cause) {
    var root = cause;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return switch (root) {
      case UnknownHostException e -> "name not known: " + e.getMessage();
      case UnresolvedAddressException _ -> "name not known";
      case NoRouteToHostException _ -> "no route to host";
      case ConnectException e -> lower(e.getMessage());
      case SocketTimeoutException _ -> "timed out";
      case java.util.concurrent.TimeoutException _ -> "timed out";
      default -> root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    };
  }

  private static String lower(@Nullable String message) {
    if (message == null || message.isEmpty()) {
      return "connection refused";
    }
    return message.substring(0, 1).toLowerCase(java.util.Locale.ROOT) + message.substring(1);
  }
}
