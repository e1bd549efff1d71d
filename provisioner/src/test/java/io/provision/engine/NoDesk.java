package io.provision.engine;

import io.provision.desk.Desk;
import io.provision.desk.DeskChange;
import io.provision.desk.DeskException;
import io.provision.desk.DeskQuestion;
import io.provision.engine.session.Handoffs;
import io.provision.remote.Payload;
import java.nio.file.Path;

/** A desk nobody should ask. */
public record NoDesk() implements Desk {
  @Override
  public View view() {
    return new View() {
      @Override
      public <A> A look(DeskQuestion<A> question) {
        throw new IllegalStateException("unexpected: " + question);
      }
    };
  }

  @Override
  public void change(DeskChange change, Handoffs handoffs) throws DeskException {
    throw new IllegalStateException("unexpected: " + change);
  }

  @Override
  public Path artifact(Payload.Artifact artifact) {
    throw new IllegalStateException("unexpected: " + artifact);
  }
}
