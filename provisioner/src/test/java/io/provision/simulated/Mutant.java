package io.provision.simulated;

import static io.provision.simulated.Leaves.gate;
import static io.provision.simulated.Leaves.is;
import static io.provision.simulated.Leaves.script;

import io.provision.kube.ClusterAction;
import io.provision.kube.ClusterApi;
import io.provision.step.Repair;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What could be wrong with the product, put there on purpose: each is to be noticed. */
enum Mutant {
  /** The product as it is. */
  NONE(Property.DONE_OR_SAID, Site.KUBERNETES),

  TAKES_NO_TURN(Property.ONE_AT_A_TIME, Fault.SECOND_RUN_ELSEWHERE) {
    @Override
    List<Repair> changed(List<Repair> leaves) {
      return Leaves.claimed(
          Leaves.without(
              leaves, is(ClusterAction.TakeTurn.class).or(is(ClusterAction.RefuseClaimed.class))));
    }
  },
  CLAIMS_WITHOUT_A_LOOK_AT_THE_TURN(Property.ONE_AT_A_TIME, Fault.STANDS_STILL_A_WHILE) {
    @Override
    List<Repair> changed(List<Repair> leaves) {
      return Leaves.claimed(leaves);
    }
  },
  GOES_WITH_ANY_NUMBER(Property.ONE_AT_A_TIME, Site.WORKERS, Fault.SECOND_RUN_ELSEWHERE) {
    @Override
    List<Repair> changed(List<Repair> leaves) {
      return Leaves.withAnyNumber(leaves);
    }
  },
  HOSTS_ASK_NOBODY(Property.ONE_AT_A_TIME, Site.PLAIN, Fault.SECOND_RUN_ELSEWHERE) {
    @Override
    List<Repair> changed(List<Repair> leaves) {
      return Leaves.dropped(leaves, gate("all other hosts"));
    }
  },

  ASKS_FOR_NO_OTHER(Property.NO_MORE_ARE_MISSING, Fault.ANOTHER_IS_NOT_READY) {
    @Override
    List<Repair> changed(List<Repair> leaves) {
      return Leaves.without(
          leaves,
          it -> it instanceof ClusterAction.Await await && await.what().endsWith(Executor.SPARES));
    }

    @Override
    ClusterApi.Work changed(ClusterApi.Work api) {
      return LyingApi.on(api).workloads(LyingApi::one); // whose last replica stays keeps a node too
    }
  },
  COUNTS_NOBODY(Property.NO_MORE_ARE_MISSING, Site.WORKERS, Fault.ANOTHER_DIES) {
    @Override
    List<Repair> changed(List<Repair> leaves) {
      return Leaves.without(leaves, is(ClusterAction.AwaitPresent.class));
    }

    @Override
    ClusterApi.Work changed(ClusterApi.Work api) {
      return LyingApi.on(api).workloads(LyingApi::one); // whose last replica stays keeps a node too
    }
  },

  TAKES_ANY_CORDON_FOR_ITS_OWN(Property.FOREIGN_CORDONS_STAY, Fault.ADMIN_CORDONS_OURS) {
    @Override
    ClusterApi.Work changed(ClusterApi.Work api) {
      return LyingApi.on(api).nodes(LyingApi::claimedIfCordoned);
    }
  },
  CLAIMS_WHAT_HAS_CHANGED(Property.FOREIGN_CORDONS_STAY, Fault.ADMIN_CORDONS_OURS) {
    @Override
    ClusterApi.Work changed(ClusterApi.Work api) {
      return LyingApi.on(api).whateverVersion();
    }
  },

  SERVERS_ARE_NOT_ASKED(Property.QUORUM_OF_VOTERS, Fault.ANOTHER_SERVER_ENDS) {
    @Override
    List<Repair> changed(List<Repair> leaves) {
      return Leaves.dropped(leaves, script("await_other_apis"));
    }
  },
  SERVERS_ARE_NOT_ASKED_AGAIN(Property.QUORUM_OF_VOTERS, Fault.ANOTHER_SERVER_ENDS) {
    @Override
    List<Repair> changed(List<Repair> leaves) {
      return Leaves.onceOnly(leaves, script("await_other_apis"));
    }
  },

  DATA_ARE_NOT_ASKED_AGAIN(Property.GATES_ARE_FRESH, Fault.NOTHING) {
    @Override
    List<Repair> changed(List<Repair> leaves) {
      return Leaves.onceOnly(leaves, gate("GlusterFS to be healthy"));
    }
  },
  OTHERS_ARE_ASKED_BEFORE_DATA(Property.GATES_ARE_FRESH, Fault.SOMETHING_TO_HEAL) {
    @Override
    List<Repair> changed(List<Repair> leaves) {
      return Leaves.longGateLast(leaves);
    }
  },
  REBOOTS_BEFORE_IT_ASKS(Property.GATES_ARE_FRESH, Fault.NOTHING) {
    @Override
    List<Repair> changed(List<Repair> leaves) {
      return Leaves.rebootFirst(leaves);
    }
  },
  HOSTS_ARE_NOT_ASKED_AGAIN(Property.GATES_ARE_FRESH, Site.PLAIN, Fault.SOMETHING_TO_HEAL) {
    @Override
    List<Repair> changed(List<Repair> leaves) {
      return Leaves.onceOnly(leaves, gate("all other hosts"));
    }
  },

  DATA_ARE_NOT_ASKED(Property.STORAGE_STAYS_WHOLE, Fault.BRICK_ELSEWHERE_ENDS) {
    @Override
    List<Repair> changed(List<Repair> leaves) {
      return Leaves.dropped(leaves, gate("GlusterFS to be healthy"));
    }
  },
  WHATEVER_DATA_SAY_IS_GOOD(Property.STORAGE_STAYS_WHOLE, Fault.SOMETHING_TO_HEAL) {
    @Override
    List<Repair> changed(List<Repair> leaves) {
      return Leaves.open(leaves, gate("GlusterFS"));
    }
  },

  TAKES_ANY_POD_FOR_A_READY_ONE(Property.LAST_REPLICA_STAYS, Fault.NOTHING) {
    @Override
    ClusterApi.Work changed(ClusterApi.Work api) {
      return LyingApi.on(api).podsOfWorkloads(LyingApi::readyElsewhere);
    }
  },
  COUNTS_WHAT_GOES_AS_WELL(Property.LAST_REPLICA_STAYS, Site.WORKERS, Fault.SECOND_RUN_ELSEWHERE) {
    @Override
    List<Repair> changed(List<Repair> leaves) {
      return Leaves.claimed(Leaves.without(leaves, is(ClusterAction.TakeTurn.class)));
    }
  },
  EACH_WORKLOAD_WANTS_ONE(Property.LAST_REPLICA_STAYS, Fault.NOTHING) {
    @Override
    ClusterApi.Work changed(ClusterApi.Work api) {
      return LyingApi.on(api).workloads(LyingApi::one);
    }
  },

  TAKES_EACH_NODE_FOR_CORDONED_BY_US(Property.ONLY_CORDONED_ARE_EMPTIED, Fault.NOTHING) {
    @Override
    List<Repair> changed(List<Repair> leaves) {
      return Leaves.without(leaves, is(ClusterAction.RefuseClaimed.class));
    }

    @Override
    ClusterApi.Work changed(ClusterApi.Work api) {
      return LyingApi.on(api).nodes(LyingApi::cordonedByUs);
    }
  },
  TAKES_WHAT_IT_CLAIMED_FOR_CORDONED(
      Property.ONLY_CORDONED_ARE_EMPTIED, Fault.ADMIN_UNCORDONS_OURS) {
    @Override
    ClusterApi.Work changed(ClusterApi.Work api) {
      return LyingApi.on(api).nodes(LyingApi::cordonedIfClaimed);
    }
  },

  ENDS_ITS_TURN_BEFORE_IT_SPREADS(Property.PODS_MOVE_IN_A_TURN, Fault.NOTHING) {
    @Override
    List<Repair> changed(List<Repair> leaves) {
      return Leaves.endsTurnAt(leaves, is(ClusterAction.SpreadAgain.class));
    }
  },
  ENDS_ITS_TURN_ONCE_IT_IS_IN_USE(Property.PODS_MOVE_IN_A_TURN, Fault.NOTHING) {
    @Override
    List<Repair> changed(List<Repair> leaves) {
      return Leaves.endsTurnAt(leaves, is(ClusterAction.Uncordon.class));
    }
  },

  ONLY_CORDONS(Property.DRAINED_BEFORE_ITS_REBOOT, Fault.NOTHING) {
    @Override
    List<Repair> changed(List<Repair> leaves) {
      return Leaves.without(leaves, is(ClusterAction.Drain.class));
    }
  },
  SEES_NO_PODS(Property.DRAINED_BEFORE_ITS_REBOOT, Fault.NOTHING) {
    @Override
    ClusterApi.Work changed(ClusterApi.Work api) {
      return LyingApi.on(api).noPods();
    }
  },

  TAKES_ANY_TURN(Property.ONE_HAS_THE_LEASE, Fault.SECOND_RUN_ELSEWHERE) {
    @Override
    List<Repair> changed(List<Repair> leaves) {
      return Leaves.claimed(leaves);
    }

    @Override
    ClusterApi.Work changed(ClusterApi.Work api) {
      return LyingApi.on(api).leases(LyingApi::nobodys);
    }
  },
  SEES_NO_CLAIMS(Property.ONE_HAS_THE_LEASE, Fault.SECOND_RUN_ELSEWHERE) {
    @Override
    ClusterApi.Work changed(ClusterApi.Work api) {
      return LyingApi.on(api).nodes(LyingApi::unclaimed);
    }
  },

  GIVES_BACK_BEFORE_IT_IS_WHOLE(Property.WHOLE_WHEN_GIVEN_BACK, Fault.NOTHING) {
    @Override
    List<Repair> changed(List<Repair> leaves) {
      return Leaves.last(leaves, gate("GlusterFS to be whole again"));
    }
  },
  HOSTS_ARE_GIVEN_BACK_BEFORE(Property.WHOLE_WHEN_GIVEN_BACK, Site.PLAIN, Fault.NOTHING) {
    @Override
    List<Repair> changed(List<Repair> leaves) {
      return Leaves.last(leaves, gate("GlusterFS to be whole again"));
    }
  },

  ASKS_FOR_NO_WINDOW_AGAIN(Property.REBOOTS_IN_A_WINDOW, Fault.WINDOW_SHUTS) {
    @Override
    List<Repair> changed(List<Repair> leaves) {
      return Leaves.dropped(leaves, Repair.InWindow.class::isInstance);
    }
  },
  ASKS_FOR_A_WINDOW_BEFORE_THE_DRAIN_ALONE(Property.REBOOTS_IN_A_WINDOW, Fault.WINDOW_SHUTS) {
    @Override
    List<Repair> changed(List<Repair> leaves) {
      return Leaves.onceOnly(leaves, Repair.InWindow.class::isInstance);
    }
  },

  REBOOTS_TWICE(Property.NO_NEEDLESS_REBOOT, Fault.NOTHING) {
    @Override
    List<Repair> changed(List<Repair> leaves) {
      return Leaves.rebootedTwice(leaves);
    }
  },
  REBOOTS_WHAT_CAME_BACK(Property.NO_NEEDLESS_REBOOT, Fault.NOTHING) {
    @Override
    List<Repair> changed(List<Repair> leaves) {
      return Leaves.rebootedInAnyCase(leaves);
    }
  },

  LEAVES_NO_MARK(Property.NOTHING_IS_LEFT, Fault.NOTHING) {
    @Override
    List<Repair> changed(List<Repair> leaves) {
      return Leaves.dropped(leaves, script("mark_out_of_use"));
    }
  },
  NEVER_GIVES_BACK(Property.NOTHING_IS_LEFT, Fault.NOTHING) {
    @Override
    List<Repair> changed(List<Repair> leaves) {
      return Leaves.without(leaves, is(ClusterAction.Release.class));
    }
  },
  BEGINS_NOTHING_AGAIN(Property.NOTHING_IS_LEFT, Fault.REBOOT_SWALLOWED) {
    @Override
    List<Repair> changed(List<Repair> leaves) {
      return Leaves.dropped(leaves, script("resume_bricks"));
    }
  },

  TAKES_AN_ORDER_FOR_A_REBOOT(Property.DONE_OR_SAID, Fault.REBOOT_SWALLOWED) {
    @Override
    boolean wants(Machine it) {
      return it.wants && it.claimedFor.isEmpty();
    }
  },
  LOOKS_AT_THE_FIRST_ALONE(Property.DONE_OR_SAID, Fault.NOTHING) {
    @Override
    boolean wants(Machine it) {
      return it.wants && it.number == 1;
    }
  };

  /** What it violates. */
  final Property violates;

  final Site site;
  final Set<Fault> faults;

  Mutant(Property violates, Fault fault) {
    this(violates, Site.KUBERNETES, fault);
  }

  Mutant(Property violates, Site site, Fault... faults) {
    this.violates = violates;
    this.site = site;
    this.faults = faults.length == 0 ? EnumSet.noneOf(Fault.class) : Set.of(faults);
  }

  List<Repair> changed(List<Repair> leaves) {
    return leaves;
  }

  ClusterApi.Work changed(ClusterApi.Work api) {
    return api;
  }

  /** Whether a host wants a reboot, as it is seen. */
  boolean wants(Machine it) {
    return it.wants;
  }

  /** How many differ from the product by what violates this. */
  static long of(Property property) {
    return EnumSet.complementOf(EnumSet.of(NONE)).stream()
        .filter(it -> it.violates == property)
        .count();
  }
}
