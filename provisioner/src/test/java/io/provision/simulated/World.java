package io.provision.simulated;

import io.provision.kube.FakeNodes;
import io.provision.kube.ObjectRef;
import io.provision.model.Role;
import io.provision.simulated.Happening.What;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * Some hosts and the cluster that they are, with a clock of its own: time goes by only where
 * somebody works or waits. All that happens is told to a {@link SafetyWatch}.
 */
final class World {
  /** In milliseconds: until a node that is not heard of counts as not Ready, and so on. */
  private static final long GRACE = 40_000;

  private static final long SHUTDOWN = 4_000;
  private static final long BOOT = 20_000;
  private static final long HEAL = 30_000;
  private static final long KUBELET = 10_000;
  private static final long SERVER = 15_000;

  /** The middle of a night of Saturday in Seoul, inside of the window. */
  private static final Instant BEGIN = Instant.parse("2026-12-04T17:30:00Z");

  private static final Duration UNTIL_SHUT = Duration.ofHours(6);

  private record Timer(long at, int order, Runnable does) {}

  private final Site site;
  final FakeNodes nodes = new FakeNodes();
  final SafetyWatch watch;
  private final List<Happening> trace = new ArrayList<>();
  private final Map<String, Machine> machines = new LinkedHashMap<>();
  private final PriorityQueue<Timer> timers =
      new PriorityQueue<>(
          java.util.Comparator.comparingLong(Timer::at).thenComparingInt(Timer::order));
  private final Map<String, String> shown = new LinkedHashMap<>();
  private final Map<String, Boolean> pending = new LinkedHashMap<>();
  private final Pods pods;
  private long now;
  private int order;
  private long silentUntil = Machine.NEVER;
  private boolean shut;

  /** On which node a run works, or worked last. */
  String ours = "n1";

  World(Site site) {
    this.site = site;
    watch = new SafetyWatch(site.most);
    for (var host : site.inventory.hosts()) {
      var name = host.name().value();
      var server = !host.is(Role.WORKER); // of plain hosts nobody asks
      var machine = new Machine(name, machines.size() + 1, server, host.is(Role.STORAGE));
      machine.wants = site.most == 1 || !server;
      machines.put(name, machine);
      var _ = nodes.node(name);
      watch.node(name, site.isKubernetes(), server);
    }
    refreshNodes();
    pods = new Pods(this, nodes);
  }

  long now() {
    return now;
  }

  /** By the calendar. */
  Instant instant() {
    var passed = BEGIN.plusMillis(now);
    return shut ? passed.plus(UNTIL_SHUT) : passed;
  }

  Collection<Machine> machines() {
    return machines.values();
  }

  Machine of(String name) {
    return machines.get(name);
  }

  /** This one, and as many more as have to be missing until nobody else may be. */
  List<Machine> tooMany(Machine one) {
    return site.most > 1 ? List.of(one, of("n4")) : List.of(one);
  }

  List<Happening> trace() {
    return trace;
  }

  Pods pods() {
    return pods;
  }

  void happens(String by, What what, String node, String detail) {
    var happening = new Happening(now, by, what, node, detail);
    trace.add(happening);
    watch.on(happening);
  }

  void in(long time, Runnable does) {
    timers.add(new Timer(now + time, order++, does));
  }

  void pass(Duration time) {
    until(now + time.toMillis());
  }

  void until(long then) {
    while (!timers.isEmpty() && timers.peek().at() <= then) {
      var timer = timers.poll();
      now = Math.max(now, timer.at());
      timer.does().run();
    }
    now = Math.max(now, then);
  }

  /** All by which hosts would answer differently. */
  String state() {
    var state = new StringBuilder();
    for (var it : machines.values()) {
      state.append(it.up ? 'u' : '-').append(it.brick ? 'b' : '-').append(it.mounted ? 'm' : '-');
      state.append(it.marked ? 'x' : '-').append(isPending(it.name) ? 'h' : '-').append(it.away);
    }
    return state.toString();
  }

  // --- the cluster

  boolean isReady(Machine it) {
    return now - it.beat(now) <= GRACE;
  }

  boolean isCordoned(String name) {
    var spec = nodes.node(node(name)).get("spec");
    return spec instanceof Map<?, ?> map && Boolean.TRUE.equals(map.get("unschedulable"));
  }

  static ObjectRef node(String name) {
    return ObjectRef.of("v1", "Node", name);
  }

  boolean hasQuorum() {
    return machines.values().stream().filter(it -> it.votes(now)).count() * 2
        > machines.values().stream().filter(Machine::isServer).count();
  }

  /** Whether the API server of a host answers. */
  boolean answers(String name) {
    return of(name).serves(now) && hasQuorum() && now >= silentUntil;
  }

  /** What the API would say now. */
  void refresh() {
    refreshNodes();
    pods.refresh();
  }

  private void refreshNodes() {
    for (var it : machines.values()) {
      var says = "%s %d".formatted(isReady(it) ? "True" : "Unknown", it.beat(now));
      if (says.equals(shown.put(it.name, says))) {
        continue;
      }
      var ready = Map.of("type", "Ready", "status", says.split(" ")[0]);
      nodes.status(it.name, Map.of("conditions", List.of(ready)));
      var _ =
          nodes.object(
              new ObjectRef(
                  "coordination.k8s.io/v1", "Lease", Optional.of("kube-node-lease"), it.name),
              Map.of("spec", Map.of("renewTime", says.split(" ")[1])));
    }
  }

  // --- its hosts

  /** Of a volume: whether a brick has missed something. */
  boolean isPending(String name) {
    return pending.getOrDefault(name, false);
  }

  private void pending(String name, boolean is) {
    if (isPending(name) != is) {
      pending.put(name, is);
      happens("world", is ? What.HEAL_PENDING : What.HEALED, name, "");
    }
  }

  void brickEnds(String by, Machine it) {
    if (it.brick) {
      it.brick = false;
      happens(by, What.BRICK_ENDED, it.name, "");
      pending(it.name, true);
    }
  }

  void brickBegins(String by, Machine it) {
    if (it.stores && !it.brick && it.up) {
      it.brick = true;
      happens(by, What.BRICK_BEGAN, it.name, "");
      in(HEAL, () -> pending(it.name, !it.brick));
    }
  }

  /** Entries that wait to be healed, from somewhere. */
  void waitsToBeHealed(Machine it, Duration time) {
    if (!it.stores) {
      return;
    }
    pending(it.name, true);
    in(time.toMillis(), () -> pending(it.name, !it.brick));
  }

  void kubeletEnds(String by, Machine it) {
    if (it.kubeletSince != Machine.NEVER) {
      it.kubeletEnds(now);
      happens(by, What.KUBELET_DOWN, it.name, "");
    }
  }

  void kubeletBegins(String by, Machine it) {
    if (it.up && it.kubeletSince == Machine.NEVER) {
      it.kubeletSince = now;
      happens(by, What.KUBELET_UP, it.name, "");
      if (it.apiPaused) { // it is the kubelet's
        it.apiPaused = false;
        happens(by, What.API_BEGAN, it.name, "");
      }
    }
  }

  /** Its member of etcd ends, and its API server with it. */
  void serverEnds(String by, Machine it) {
    if (it.votes(now)) {
      it.servesSince = Long.MAX_VALUE;
      happens(by, What.SERVER_DOWN, it.name, "");
    }
  }

  private void serverBegins(String by, Machine it) {
    if (it.up && it.servesSince == Long.MAX_VALUE) {
      it.servesSince = now;
      happens(by, What.SERVER_UP, it.name, "");
    }
  }

  void rebootOrdered(String by, Machine it) {
    happens(by, What.REBOOT_ORDERED, it.name, it.wants ? "" : "for nothing");
    if (!it.swallows) {
      var boot = it.boots;
      in(
          SHUTDOWN,
          () -> {
            if (it.up && it.boots == boot) {
              ends("us", it);
              if (!it.staysDown) {
                in(BOOT, () -> boots(it));
              }
            }
          });
    }
  }

  /** It is down, by a reboot or by itself. */
  void ends(String by, Machine it) {
    if (!it.up) {
      return;
    }
    it.kubeletEnds(now);
    it.up = false;
    it.locked = "";
    it.mounted = false;
    it.servesSince = Long.MAX_VALUE;
    happens(by, What.DOWN, it.name, "");
    brickEnds(by, it);
  }

  void boots(Machine it) {
    if (it.up) {
      return;
    }
    it.up = true;
    it.boots++;
    it.wants = false;
    it.apiPaused = false;
    it.mounted = it.stores;
    it.kubeletSince = now + KUBELET;
    it.servesSince = now + SERVER;
    happens("world", What.UP, it.name, "");
    brickBegins("world", it);
  }

  // --- what others do to it

  void apiSilent(Duration time) {
    silentUntil = now + time.toMillis();
  }

  void windowShut(boolean is) {
    if (shut != is) {
      shut = is;
      happens("world", is ? What.WINDOW_SHUT : What.WINDOW_OPENED, "", "");
    }
  }

  /** Cordons or uncordons a node, as kubectl does. */
  void cordon(String by, String name, boolean is) {
    if (isCordoned(name) != is) {
      nodes.cordon(name, is);
      happens(by, is ? What.CORDONED : What.UNCORDONED, name, "");
    }
  }

  /** All that had gone wrong is put right, and it is a quiet while later. */
  void recovers() {
    silentUntil = Machine.NEVER;
    windowShut(false);
    for (var it : machines.values()) {
      it.swallows = false;
      it.staysDown = false;
      boots(it);
      kubeletBegins("admin", it);
      serverBegins("admin", it);
      if (!it.marked || it.brick) {
        brickBegins("admin", it);
      }
    }
    pass(Duration.ofMinutes(20));
  }
}
