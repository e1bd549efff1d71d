package io.provision.steps.metallb;

import io.provision.kube.ObjectStates;
import io.provision.kube.Reaches;
import io.provision.model.Inventory;
import io.provision.step.ClusterAccess;
import io.provision.step.Output;
import io.provision.step.StatusView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Addresses of services on the screen of a status: who has them, who announces them, and why not.
 */
public final class MetallbView implements StatusView {
  private static final String UNKNOWN = "unknown";

  @Override
  public List<Ask> asks(Inventory inventory, Set<Output<?>> provided) {
    return isWanted(inventory) && provided.contains(ClusterAccess.OUTPUT)
        ? List.of(new Ask.OnCluster("status of MetalLB", "metallb-state", MetallbState.LOOK))
        : List.of();
  }

  private static boolean isWanted(Inventory inventory) {
    return inventory
        .cluster()
        .flatMap(cluster -> cluster.sections().find(MetallbSettings.class))
        .isPresent();
  }

  /** Nothing where the API was not asked: the table of nodes says why. */
  @Override
  public List<Rows> tables(Inventory inventory, Seen seen) {
    var state = seen.cluster().map(it -> it.values().get(MetallbState.SEEN));
    return state.isPresent() && state.get() instanceof MetallbState.Seen it
        ? List.of(pools(it), services(it))
        : List.of();
  }

  private static Rows pools(MetallbState.Seen seen) {
    var header = List.of("pool", "addresses", "in use", "free", "why");
    return switch (seen.pools()) {
      case ObjectStates.Unheard(var why) ->
          new Rows("addresses", header, List.of(List.of(UNKNOWN, "", "", "", why)));
      case ObjectStates.Seen(var pools, _) -> {
        var fault = fault(seen.configuration());
        yield new Rows(
            "addresses",
            header,
            pools.stream()
                .map(pool ->
                    List.of(
                        pool.name(),
                        addresses(pool),
                        number(pool, "assignedIPv4", "assignedIPv6"),
                        number(pool, "availableIPv4", "availableIPv6"),
                        fault))
                .toList());
      }
    };
  }

  private static String addresses(ObjectStates.State pool) {
    return pool.spec().get("addresses") instanceof List<?> ranges
        ? String.join(", ", ranges.stream().map(String::valueOf).toList())
        : "";
  }

  /** Empty where this MetalLB does not say. */
  private static String number(ObjectStates.State pool, String... keys) {
    var sum = 0L;
    var isSaid = false;
    for (var key : keys) {
      if (pool.status().get(key) instanceof Number number) {
        sum += number.longValue();
        isSaid = true;
      }
    }
    return isSaid ? Long.toString(sum) : "";
  }

  /** What its parts say that is wrong with what they were given; empty where nothing is. */
  private static String fault(ObjectStates configuration) {
    var faults = new ArrayList<String>();
    if (configuration instanceof ObjectStates.Seen(var parts, _)) {
      for (var part : parts) {
        if ("Invalid".equals(part.status().get("result"))) {
          faults.add(
              "%s: %s"
                  .formatted(part.name(), part.status().getOrDefault("errorSummary", "invalid")));
        }
      }
    }
    return String.join("; ", faults);
  }

  private static Rows services(MetallbState.Seen seen) {
    var announcers = announcers(seen.announced());
    var rows = new ArrayList<List<String>>();
    if (!seen.reaches().unheard().isEmpty()) {
      rows.add(List.of(UNKNOWN, "", "", "", seen.reaches().unheard()));
    }
    for (var reach : seen.reaches().all()) {
      var by = Optional.ofNullable(announcers.get(reach.service()));
      rows.add(
          List.of(
              reach.service(),
              reach.address().isEmpty() ? "" : reach.address() + ":" + reach.port(),
              by.orElse(""),
              reach.why().isEmpty() ? "yes" : "no",
              why(reach, by, fault(seen.configuration()))));
    }
    return new Rows(
        "services", List.of("service", "address", "announced by", "answers here", "why"), rows);
  }

  private static String why(Reaches.Reach reach, Optional<String> by, String fault) {
    if (reach.why().isEmpty()) {
      return "";
    }
    var why = new ArrayList<>(List.of(reach.why()));
    if (by.isEmpty()) {
      why.add("no node announces it");
    }
    if (!fault.isEmpty()) {
      why.add(fault);
    }
    return String.join("; ", why);
  }

  private static Map<String, String> announcers(ObjectStates announced) {
    var announcers = new TreeMap<String, String>();
    if (announced instanceof ObjectStates.Seen(var all, _)) {
      for (var one : all) {
        var service =
            "%s/%s"
                .formatted(one.status().get("serviceNamespace"), one.status().get("serviceName"));
        announcers.merge(service, String.valueOf(one.status().get("node")), (a, b) -> a + ", " + b);
      }
    }
    return announcers;
  }
}
