package io.provision.engine.session;

import io.provision.desk.Desk;
import io.provision.desk.DeskException;
import io.provision.desk.DeskQuestion;
import io.provision.step.Observations;
import io.provision.step.Probes;
import java.util.Collection;

/** Asks the operator's machine. */
public final class DeskLook {
  private DeskLook() {}

  public static Observations at(Desk.View view, Collection<Probes> probes) throws DeskException {
    var seen = new Observations.Builder();
    for (var each : probes) {
      for (var question : each.desk()) {
        put(view, question, seen);
      }
    }
    return seen.build();
  }

  private static <A> void put(Desk.View view, DeskQuestion<A> question, Observations.Builder seen)
      throws DeskException {
    seen.put(question, view.look(question));
  }
}
