package io.provision.desk;

/** The power of one host, reached from this machine. Every call is bounded in time. */
public interface PowerSwitch {

  /** How it is. */
  enum State {
    ON,
    OFF,
    /** Neither for now: on its way, or paused. */
    BETWEEN
  }

  State state() throws DeskException, InterruptedException;

  /** Cuts it at once, whatever the system there does; it may be off a moment later only. */
  void off() throws DeskException, InterruptedException;

  /** Gives it; it may be on a moment later only. */
  void on() throws DeskException, InterruptedException;
}
