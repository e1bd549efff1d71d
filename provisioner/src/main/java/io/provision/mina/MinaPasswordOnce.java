package io.provision.mina;

import io.provision.ssh.Handshake;
import org.apache.sshd.client.auth.keyboard.UserInteraction;
import org.apache.sshd.client.session.ClientSession;
import org.jspecify.annotations.Nullable;

/** Answers for a person who knows one password and gives it once, by whichever method asks. */
final class MinaPasswordOnce implements UserInteraction {
  private static final String[] NOTHING = {};
  private final Handshake handshake;

  MinaPasswordOnce(Handshake handshake) {
    this.handshake = handshake;
  }

  @Override
  public @Nullable String resolveAuthPasswordAttempt(ClientSession session) {
    return handshake.spendPassword("password");
  }

  @Override
  public String @Nullable [] interactive(
      ClientSession session,
      String name,
      String instruction,
      String lang,
      String[] prompt,
      boolean[] echo) {
    if (prompt.length == 0) {
      return NOTHING;
    }
    if (prompt.length > 1 || echo[0]) {
      handshake.unanswerable(prompt[0]);
      return null;
    }
    var password = handshake.spendPassword("keyboard-interactive");
    return password == null ? null : new String[] {password};
  }

  @Override
  public @Nullable String getUpdatedPassword(ClientSession session, String prompt, String lang) {
    handshake.note("the server wants the password changed: log in once by hand");
    return null;
  }
}
