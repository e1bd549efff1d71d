package io.provision.kube;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * That one node at a time is taken out of use, whichever machine does it: a Lease of
 * coordination.k8s.io/v1 whose holder is that node, taken before it is claimed and ended once it is
 * back. It needs no renewal: while its holder's Node is claimed it holds, and a run that goes on
 * with that node goes on with the lease. One that nobody claimed for, and that nobody touches for a
 * while, was left by a run that was killed in between, and is taken over.
 *
 * @param node that wants to go
 */
record TurnLease(ClusterApi.Work work, String node, Time time, Consumer<String> progress) {
  static final ObjectRef REF =
      new ObjectRef(
          "coordination.k8s.io/v1", "Lease", Optional.of("kube-system"), "provision-rotation");

  /** So many looks in a row at a holder that is not claimed: between the two are a few requests. */
  private static final int LEFT = 60;

  /** So many looks in all. */
  private static final int MOST_LOOKS = 90;

  /** For people who look at it; what counts is the claim. */
  private static final int SECONDS = 3600;

  /** As metav1.MicroTime is written. */
  private static final DateTimeFormatter MICRO =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  /** What one look found. */
  private record Held(String holder, String since, String version, int transitions) {
    private static Held of(Map<String, Object> raw) {
      var spec = RawObject.map(raw.get("spec"));
      return new Held(
          Objects.toString(spec.get("holderIdentity"), ""),
          Objects.toString(spec.get("acquireTime"), "an unknown time"),
          Objects.toString(RawObject.map(raw.get("metadata")).get("resourceVersion"), ""),
          spec.get("leaseTransitions") instanceof Number number ? number.intValue() : 0);
    }
  }

  /** Takes it, or says who has it. */
  void take() throws ClusterException, InterruptedException {
    var seen = "";
    var unchanged = 0;
    var last = Optional.<Held>empty();
    for (var look = 0; look < MOST_LOOKS; look++) {
      var raw = work.read(REF);
      if (raw.isEmpty()) {
        if (work.create(REF, made())) {
          return;
        }
        continue; // somebody was faster
      }
      var held = Held.of(raw.get());
      last = Optional.of(held);
      unchanged = held.version().equals(seen) && !works(held.holder()) ? unchanged + 1 : 0;
      seen = held.version();
      var mine = held.holder().isEmpty() || held.holder().equals(node);
      if (mine || unchanged >= LEFT) {
        if (work.mergeUnchanged(REF, held.version(), Map.of("spec", taken(held)))) {
          return;
        }
        continue;
      }
      if (look == 0) {
        progress.accept(
            "waiting until %s is back in use, whose turn it is (Lease %s), %d s at most"
                .formatted(held.holder(), REF.name(), MOST_LOOKS));
      }
      time.pause(Time.BETWEEN_LOOKS);
    }
    throw held(last);
  }

  /**
   * Has a node claimed while it is still its turn: whoever took the turn over meanwhile has not
   * seen this claim.
   */
  void claim(NodeClaim claim) throws ClusterException {
    claim.take();
    claim.refuseForeign(); // who has cordoned it meanwhile has it
    try {
      var held = work.read(REF).map(Held::of);
      if (!held.map(Held::holder).equals(Optional.of(node))) {
        throw held(held.filter(it -> !it.holder().isEmpty()));
      }
    } catch (ClusterException e) {
      claim.release();
      throw e;
    }
  }

  private ClusterException held(Optional<Held> last) {
    var who = last.map(Held::holder).orElse("somebody");
    return ClusterException.held(
        "%s waits for its turn, and it is that of %s, since %s"
            .formatted(node, who, last.map(Held::since).orElse("a moment")),
        "wait for the run that works on %s; where there is none, run 'provision rotate' for that node again, which gives it back"
            .formatted(who));
  }

  /** Gives it up, where it is ours. */
  void end() throws ClusterException {
    var raw = work.read(REF);
    if (raw.isPresent() && Held.of(raw.get()).holder().equals(node)) {
      var _ = work.mergeUnchanged(REF, Held.of(raw.get()).version(), Map.of("spec", nobody()));
    }
  }

  @SuppressWarnings("NullAway") // of a merge patch, null is what removes
  private static Map<String, Object> nobody() {
    var fields = new HashMap<String, Object>();
    fields.put("holderIdentity", null);
    return fields;
  }

  /** Whether somebody has a node out of use; one that is gone has nobody. */
  private boolean works(String holder) throws ClusterException {
    return !holder.isEmpty() && new NodeClaim(work, holder, "").isTaken();
  }

  private Map<String, Object> made() {
    return Map.of(
        "apiVersion",
        REF.apiVersion(),
        "kind",
        REF.kind(),
        "metadata",
        Map.of("name", REF.name(), "namespace", REF.namespace().orElseThrow()),
        "spec",
        spec(0));
  }

  private Map<String, Object> taken(Held before) {
    return spec(before.holder().equals(node) ? before.transitions() : before.transitions() + 1);
  }

  private Map<String, Object> spec(int transitions) {
    var now = MICRO.format(Instant.now());
    return Map.of(
        "holderIdentity",
        node,
        "leaseDurationSeconds",
        SECONDS,
        "acquireTime",
        now,
        "renewTime",
        now,
        "leaseTransitions",
        transitions);
  }
}
