package io.provision.simulated;

import io.provision.kube.Time;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * A machine on which the command runs. Each thing it does is a point, at which something may
 * happen, and at which it may be killed: then nothing of it comes to pass any more.
 */
final class Controller implements Time {
  /** What is waited for longer is never there. */
  private static final int MOST = 20_000;

  /** How often the same thing counts as another point. */
  private static final int ALIKE = 2;

  /** It is killed. No exception: whoever gives back what it took would do so. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1;
  }

  final String name;
  final String owner;
  final World world;
  private final Turns turns;
  private final Consumer<Controller> atPoint;
  private String label = "";
  private int alike;
  private int pauses;
  private boolean killed;

  /**
   * @param atPoint what happens at its points
   */
  Controller(String name, String owner, World world, Turns turns, Consumer<Controller> atPoint) {
    this.name = name;
    this.owner = owner;
    this.world = world;
    this.turns = turns;
    this.atPoint = atPoint;
  }

  /** It is about to do this, which takes so long. */
  void point(String does, Duration takes) {
    refuseKilled();
    alike = does.equals(label) ? alike + 1 : 1;
    label = does;
    if (alike <= ALIKE) {
      atPoint.accept(this);
    }
    refuseKilled();
    turns.pause(takes);
    refuseKilled();
  }

  /** What it is about to do. */
  String about() {
    return label;
  }

  private void refuseKilled() {
    if (killed) {
      throw new Killed();
    }
  }

  void kill() {
    killed = true;
    world.happens(name, Happening.What.KILLED, "", label);
    throw new Killed();
  }

  @Override
  public void pause(Duration time) {
    refuseKilled();
    if (++pauses > MOST) {
      throw new IllegalStateException("it waits for ever: " + label);
    }
    turns.pause(time);
    refuseKilled();
  }

  @Override
  public long nanos() {
    return world.now() * 1_000_000;
  }
}
