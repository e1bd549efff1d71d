package io.provision.jsch;

import com.jcraft.jsch.UIKeyboardInteractive;
import com.jcraft.jsch.UserInfo;
import io.provision.ssh.Handshake;
import org.jspecify.annotations.Nullable;

/** Answers for a person who knows one password and gives it once, by whichever method asks. */
final class JschPasswordOnce implements UserInfo, UIKeyboardInteractive {
  private final Handshake handshake;
  private @Nullable String password;

  JschPasswordOnce(Handshake handshake) {
    this.handshake = handshake;
  }

  /** Ends the login: an empty answer, which is JSch's own way, counts as one more wrong one. */
  static final class NoAnswer extends RuntimeException {
    NoAnswer(String prompt) {
      super(prompt);
    }
  }

  @Override
  public boolean promptPassword(String message) {
    password = handshake.spendPassword("password");
    return password != null;
  }

  @Override
  public @Nullable String getPassword() {
    return password;
  }

  @Override
  public String[] promptKeyboardInteractive(
      String destination, String name, String instruction, String[] prompt, boolean[] echo) {
    if (prompt.length == 0) {
      return prompt;
    }
    if (prompt.length > 1 || echo[0]) {
      handshake.unanswerable(prompt[0]);
      throw new NoAnswer(prompt[0]);
    }
    var answer = handshake.spendPassword("keyboard-interactive");
    if (answer == null) {
      throw new NoAnswer(prompt[0]);
    }
    return new String[] {answer};
  }

  @Override
  public @Nullable String getPassphrase() {
    return null;
  }

  @Override
  public boolean promptPassphrase(String message) {
    return false;
  }

  @Override
  public boolean promptYesNo(String message) {
    return false;
  }

  @Override
  public void showMessage(String message) {
    // A banner is for people who log in by hand.
  }
}
