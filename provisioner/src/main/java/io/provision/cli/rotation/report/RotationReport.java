package io.provision.cli.rotation.report;

import io.provision.cli.run.Context;
import io.provision.cli.run.Refused;
import io.provision.engine.event.RunListener;
import io.provision.model.Inventory;

/** What is told of a rotation once it has ended, however it did. */
public final class RotationReport {
  private final Context context;
  private final RotationStory story;

  public RotationReport(Context context, Inventory inventory) {
    this.context = context;
    this.story = new RotationStory(inventory, context::now);
  }

  /** A rotation, as far as it is reported. */
  @FunctionalInterface
  public interface Rotating<E> {
    E rotate(RunListener listener) throws Refused;
  }

  /** Has it run, and reports it. */
  public <E> E of(Rotating<E> rotating) throws Refused {
    try {
      return rotating.rotate(story);
    } finally {
      var hosts = story.hosts();
      if (!hosts.isEmpty()) {
        context.display().table("hosts", HostLines.table(hosts));
      }
    }
  }
}
