package io.provision.engine.session;

import io.provision.kube.Time;
import io.provision.remote.RemoteException;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Logs in to a host that somebody has just switched on. While it boots, an address that nobody has,
 * a port that is shut, and a login that is refused (pam_nologin(8)) are one after another as they
 * should be; of refused logins only a few are tried, since hosts lock out who tries for long.
 *
 * @param most until it is there; none where it should be there already
 * @param notes told once why it is waited for
 */
public record Arriving(Duration most, Time time, Consumer<String> notes) {
  private static final Duration BETWEEN = Duration.ofSeconds(5);
  private static final Duration BETWEEN_REFUSALS = Duration.ofSeconds(20);
  private static final int MOST_REFUSALS = 3;

  /** What logs in. */
  @FunctionalInterface
  public interface Login {
    HostSession in() throws RemoteException, InterruptedException;
  }

  public HostSession during(Login login) throws RemoteException, InterruptedException {
    var patience = time.patience(most);
    var refusals = 0;
    var told = false;
    while (true) {
      var refused = false;
      try {
        return login.in();
      } catch (RemoteException.Unreachable | RemoteException.AuthFailed e) {
        refused = e instanceof RemoteException.AuthFailed;
        refusals += refused ? 1 : 0;
        if (!most.isPositive() || refusals > MOST_REFUSALS) {
          throw e;
        }
        if (patience.isOver()) {
          throw new RemoteException.Unreachable(
              "timed out after %d s waiting for it to answer (%s)"
                  .formatted(most.toSeconds(), e.what()),
              "see that it is switched on and has its network; then run the same command again",
              e);
        }
        if (!told) {
          told = true;
          notes.accept(
              "it does not answer yet (%s): waiting for it, %d s at most"
                  .formatted(e.what(), most.toSeconds()));
        }
      }
      time.pause(refused ? BETWEEN_REFUSALS : BETWEEN);
    }
  }
}
