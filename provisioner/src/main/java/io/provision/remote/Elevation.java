package io.provision.remote;

import io.provision.model.Become;
import io.provision.model.Secret;
import io.provision.model.SecretUnavailable;
import java.io.IOException;
import java.io.OutputStream;

/**
 * How a login becomes root, once for each exec.
 *
 * <p>A password goes to sudo's stdin only after its prompt was seen, and what follows is sent only
 * after the shell behind sudo has spoken: so a host that asks for none never takes the password for
 * a script, and a wrong password is tried once.
 */
final class Elevation {
  private final Become become;
  private final String user;
  private final boolean root;

  Elevation(Become become, String user) {
    this.become = become;
    this.user = user;
    this.root = user.equals("root") || become.method() == Become.Method.NONE;
  }

  /** Whether there is something to wait for before the script can be sent. */
  boolean talks() {
    return !root && become.method() == Become.Method.SUDO && become.password().isPresent();
  }

  /**
   * What stands at the beginning of a command line: the login shell's word that it runs commands,
   * in the form that all shells have in common.
   */
  static String prompts(String marker) {
    return "echo " + login(marker) + "; ";
  }

  /** What the login shell says, if it runs commands. */
  static String login(String marker) {
    return "@@" + marker + " login";
  }

  /** What stands before the shell on the command line. */
  String prefix(String marker) {
    if (root) {
      return "";
    }
    return switch (become.method()) {
      case SUDO -> talks() ? "sudo -S -p '@@" + marker + " password' -- " : "sudo -n -- ";
      case DOAS -> "doas -n ";
      case NONE -> "";
    };
  }

  /** Answers sudo's question, where it asks, and waits until the shell behind it has spoken. */
  void pass(OutputStream stdin, StderrTail stderr, String marker)
      throws RemoteException, InterruptedException, IOException {
    if (!talks()) {
      return;
    }
    var prompt = "@@" + marker + " password";
    var ready = "@@" + marker + " ready";
    if (next(stderr, ready, prompt) == 1) {
      stderr.takeTo(prompt);
      stdin.write(password());
      stdin.write('\n');
      stdin.flush();
      if (next(stderr, ready, prompt) == 1) {
        throw new RemoteException.BecomeFailed(
            "sudo did not take the password",
            "correct ssh.become.password, or give it with --ask-become-pass");
      }
    }
    stderr.takeTo(ready);
  }

  private byte[] password() throws RemoteException {
    try {
      return become.password().map(Secret::reveal).orElseThrow();
    } catch (SecretUnavailable e) {
      throw new RemoteException.BecomeFailed(
          "sudo asks for a password, and there is none: " + e.reason(), e.remedy());
    }
  }

  /** Leaves what sudo says where it ends instead: that is the evidence. */
  private static int next(StderrTail stderr, String ready, String prompt)
      throws InterruptedException, IOException {
    var found = stderr.awaitAny(ready, prompt);
    if (found < 0) {
      throw new IOException("it ended before a shell of root's answered");
    }
    return found;
  }

  /** Why no shell of root's ever answered. */
  RemoteException refused(NoShell instead) {
    return instead.reason(root ? Become.Method.NONE : become.method(), user, talks());
  }
}
