package io.provision.simulated;

import java.util.Map;
import java.util.TreeMap;

/** One host as it is; what happens to it is the {@link World}'s. */
final class Machine {
  /** When nothing of this kind is there. */
  static final long NEVER = -1;

  /** Of a Node: renewed so often, in milliseconds. */
  private static final long BEAT = 5_000;

  final String name;
  final int number;
  private final boolean server;

  /** Whether it has a brick, and a mount of it. */
  final boolean stores;

  boolean wants;
  boolean up = true;
  int boots = 1;
  boolean marked;
  boolean brick;
  boolean mounted;
  boolean apiPaused;

  /** When a reboot is ordered nothing comes of it. */
  boolean swallows;

  /** Once it is down it stays so. */
  boolean staysDown;

  /** Since when its kubelet runs. */
  long kubeletSince = -1_000_000;

  private long lastBeat = NEVER;

  /** Since when its API server and its member of etcd serve. */
  long servesSince = -1_000_000;

  /** Who holds its lock; empty for nobody. */
  String locked = "";

  /** Whom it is kept for across a reboot. */
  String claimedFor = "";

  long claimedUntil = NEVER;

  /** Who is away, as it keeps in mind. */
  final Map<String, String> away = new TreeMap<>();

  Machine(String name, int number, boolean server, boolean stores) {
    this.name = name;
    this.number = number;
    this.server = server;
    this.stores = stores;
    this.brick = stores;
    this.mounted = stores;
  }

  boolean isServer() {
    return server;
  }

  boolean runsKubelet(long now) {
    return up && kubeletSince != NEVER && kubeletSince <= now;
  }

  void kubeletEnds(long now) {
    lastBeat = beat(now);
    kubeletSince = NEVER;
  }

  /** When its Node was renewed last. */
  long beat(long now) {
    return runsKubelet(now)
        ? Math.max(lastBeat, Math.max(kubeletSince, now / BEAT * BEAT))
        : lastBeat;
  }

  /** Whether it is a voter that counts. */
  boolean votes(long now) {
    return server && up && servesSince <= now;
  }

  /** Whether its API server answers, as far as it is up to it. */
  boolean serves(long now) {
    return votes(now) && !apiPaused;
  }
}
