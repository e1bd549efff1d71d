package io.provision.kube;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * That one node at a time is taken out of use, or so many beside each other, whichever machine does
 * it: a Lease of coordination.k8s.io/v1 whose holder is that node, taken before it is claimed and
 * ended once it is back; of several nodes their names in the order in which they came, with commas.
 * It needs no renewal: while its holder's Node is claimed it holds, and a run that goes on with
 * that node goes on with the lease. One that nobody claimed for, and that nobody touches for a
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

  /** The same at one beside which this node may be away: a whole reboot of it comes to its end. */
  private static final int MOST_LOOKS_BESIDE = 2_700;

  /** Others come and go meanwhile. */
  private static final int MOST_ATTEMPTS = 10;

  /** For people who look at it; what counts is the claim. */
  private static final int SECONDS = 3600;

  /** As metav1.MicroTime is written. */
  private static final DateTimeFormatter MICRO =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  /** What one look found. */
  private record Held(List<String> holders, String since, String version, int transitions) {
    private static Held of(Map<String, Object> raw) {
      var spec = RawObject.map(raw.get("spec"));
      return new Held(
          Stream.of(Objects.toString(spec.get("holderIdentity"), "").split(","))
              .map(String::strip)
              .filter(it -> !it.isEmpty())
              .toList(),
          Objects.toString(spec.get("acquireTime"), "an unknown time"),
          Objects.toString(RawObject.map(raw.get("metadata")).get("resourceVersion"), ""),
          spec.get("leaseTransitions") instanceof Number number ? number.intValue() : 0);
    }
  }

  /** Takes it, or says who has it. */
  void take(Company company) throws ClusterException, InterruptedException {
    var seen = "";
    var left = new HashMap<String, Integer>();
    var last = Optional.<Held>empty();
    var most = MOST_LOOKS;
    for (var look = 0; look < most; look++) {
      var raw = work.read(REF);
      if (raw.isEmpty()) {
        if (work.create(REF, made())) {
          return;
        }
        continue; // somebody was faster
      }
      var held = Held.of(raw.get());
      last = Optional.of(held);
      if (!held.version().equals(seen)) {
        left.clear();
        seen = held.version();
      }
      var working = new ArrayList<String>();
      for (var holder : held.holders()) {
        if (holder.equals(node) || !isLeft(holder, left)) {
          working.add(holder);
        }
      }
      var others = working.stream().filter(it -> !it.equals(node)).toList();
      if (company.suits(others)) {
        if (work.mergeUnchanged(REF, held.version(), Map.of("spec", taken(held, working)))) {
          return;
        }
        continue;
      }
      if (look == 0) {
        most = company.beside().containsAll(others) ? MOST_LOOKS_BESIDE : MOST_LOOKS;
        progress.accept(
            "waiting until %s is back in use, whose turn it is (Lease %s), %d s at most"
                .formatted(String.join(", ", others), REF.name(), most));
      }
      time.pause(Time.BETWEEN_LOOKS);
    }
    throw held(last);
  }

  /** Whether a run was killed that had taken it for this node: nobody has claimed that for long. */
  private boolean isLeft(String holder, Map<String, Integer> left) throws ClusterException {
    if (works(holder)) {
      left.remove(holder);
      return false;
    }
    return left.merge(holder, 1, Integer::sum) > LEFT;
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
      if (held.filter(it -> it.holders().contains(node)).isEmpty()) {
        throw held(held.filter(it -> !it.holders().isEmpty()));
      }
    } catch (ClusterException e) {
      claim.release();
      throw e;
    }
  }

  private ClusterException held(Optional<Held> last) {
    var who =
        last.map(it ->
                it.holders().stream()
                    .filter(holder -> !holder.equals(node))
                    .collect(Collectors.joining(", ")))
            .orElse("somebody");
    return ClusterException.held(
        "%s waits for its turn, and it is that of %s, since %s"
            .formatted(node, who, last.map(Held::since).orElse("a moment")),
        "wait for the run that works on %s; where there is none, run 'provision rotate' for that node again, which gives it back"
            .formatted(who));
  }

  /** Gives it up, where it is ours. */
  void end() throws ClusterException {
    for (var attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      var held = work.read(REF).map(Held::of);
      if (held.filter(it -> it.holders().contains(node)).isEmpty()) {
        return;
      }
      var others = held.get().holders().stream().filter(it -> !it.equals(node)).toList();
      if (work.mergeUnchanged(REF, held.get().version(), Map.of("spec", holderIdentity(others)))) {
        return;
      }
    }
    throw new ClusterException(
        "the Lease %s was changed by somebody else each of %d times that %s was to give it up"
            .formatted(REF.name(), MOST_ATTEMPTS, node),
        "see who does ('kubectl -n kube-system get lease %s -o yaml --show-managed-fields'); then run the same command again"
            .formatted(REF.name()),
        null);
  }

  /**
   * Which nodes go before this one: those whose turn it was before; all where it is not that of
   * this one.
   *
   * @param left how often each was seen unclaimed, kept between two looks
   */
  Set<String> ahead(Map<String, Integer> left) throws ClusterException {
    var holders = work.read(REF).map(Held::of).map(Held::holders).orElse(List.of());
    var index = holders.indexOf(node);
    var ahead = new HashSet<String>();
    for (var holder : index < 0 ? holders : holders.subList(0, index)) {
      if (!isLeft(holder, left)) {
        ahead.add(holder);
      }
    }
    return ahead;
  }

  @SuppressWarnings("NullAway") // of a merge patch, null is what removes
  private static Map<String, Object> holderIdentity(List<String> holders) {
    var fields = new HashMap<String, Object>();
    fields.put("holderIdentity", holders.isEmpty() ? null : String.join(",", holders));
    return fields;
  }

  /** Whether somebody has a node out of use; one that is gone has nobody. */
  private boolean works(String holder) throws ClusterException {
    return new NodeClaim(work, holder, "").isTaken();
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
        spec(List.of(node), 0));
  }

  private Map<String, Object> taken(Held before, List<String> working) {
    var holders = new ArrayList<>(working);
    if (holders.contains(node)) {
      return spec(holders, before.transitions());
    }
    holders.add(node);
    return spec(holders, before.transitions() + 1);
  }

  private static Map<String, Object> spec(List<String> holders, int transitions) {
    var now = MICRO.format(Instant.now());
    return Map.of(
        "holderIdentity",
        String.join(",", holders),
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
