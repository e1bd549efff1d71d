package io.provision.mina;

import org.apache.sshd.client.auth.keyboard.UserInteraction;
import org.apache.sshd.client.session.ClientSession;
import org.jspecify.annotations.Nullable;

/** Answers for a person who knows one password and gives it once, by whichever method asks. */
final class PasswordOnce implements UserInteraction {
  private static final String[] NOTHING = {};
  private final Dial dial;

  PasswordOnce(Dial dial) {
    this.dial = dial;
  }

  @Override
  public @Nullable String resolveAuthPasswordAttempt(ClientSession session) {
    return dial.spendPassword("password");
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
      dial.note("the server asks '%s', which has no answer here".formatted(prompt[0].strip()));
      return null;
    }
    var password = dial.spendPassword("keyboard-interactive");
    return password == null ? null : new String[] {password};
  }

  @Override
  public @Nullable String getUpdatedPassword(ClientSession session, String prompt, String lang) {
    dial.note("the server wants the password changed: log in once by hand");
    return null;
  }
}
