package io.provision.step;

import io.provision.desk.DeskChange;
import io.provision.desk.DeskException;
import io.provision.desk.Outside;
import io.provision.kube.ClusterAction;
import io.provision.kube.ClusterApi;
import io.provision.kube.ClusterChange;
import io.provision.kube.Time;
import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.rotation.Fact;
import io.provision.model.rotation.OwnCheck;
import io.provision.model.window.Windows;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What would mend a difference, as data. The engine runs it and puts the look behind it. */
public sealed interface Repair {

  /**
   * Scripts to run in this order on the host itself, as root, in one exec together with the look
   * that verifies them. The first that fails ends it.
   *
   * @param bringsFiles whether files and packages of other steps can come, change or go along with
   *     it (packages, a command, a daemon that starts, a mount), so that all the rest of the list
   *     must be asked again
   */
  record OnHost(List<Script> scripts, boolean bringsFiles) implements Repair {
    public OnHost {
      scripts = List.copyOf(scripts);
    }

    public OnHost(Script... scripts) {
      this(List.of(scripts), false);
    }
  }

  /** Changes through the cluster's API, in this order. The first that fails ends it. */
  record OnCluster(List<ClusterChange> changes) implements Repair {
    public OnCluster {
      changes = List.copyOf(changes);
    }
  }

  /** Changes on the operator's machine, in this order. The first that fails ends it. */
  record OnDesk(List<DeskChange> changes) implements Repair {
    public OnDesk {
      changes = List.copyOf(changes);
    }

    public OnDesk(DeskChange... changes) {
      this(List.of(changes));
    }
  }

  /**
   * What a step on a host has done through the cluster's API, in this order. The first that fails
   * ends it. Run again it goes on where it was ended.
   *
   * @param access which API; seen by a look at a server that runs now
   */
  record OnApi(ClusterAccess access, List<ClusterAction> actions) implements Repair {
    public OnApi {
      actions = List.copyOf(actions);
    }
  }

  /**
   * Reboots the host, comes back to it and holds its lock again. The run's claim lies on the host's
   * disk meanwhile, so that no other run takes the lock between the boot and the return. That it
   * was rebooted is proven by another boot id, or another start of its first process: a container
   * has the boot id of the machine below.
   *
   * @param patience until it is back
   * @param otherwise what is done on it where it has not gone down: it goes on as it is
   */
  record Reboot(Duration patience, List<Repair> otherwise) implements Repair {
    public Reboot {
      otherwise = List.copyOf(otherwise);
    }

    /** Where nothing had ended there for it. */
    public Reboot(Duration patience) {
      this(patience, List.of());
    }
  }

  /**
   * Has the power of the host cut, and given again, by what is beside it, and comes back to it as
   * after a {@link Reboot}: under its lock again, with another boot id.
   *
   * @param access which API is looked at meanwhile, of a server that runs on; empty where there is
   *     no cluster
   * @param longest until it has power again
   * @param patience until it is back then
   * @param otherwise what is done on it where its power was not cut: it goes on as it is
   */
  record PowerCut(
      PowerOutage outage,
      Optional<ClusterAccess> access,
      Duration longest,
      Duration patience,
      List<Repair> otherwise)
      implements Repair {
    public PowerCut {
      otherwise = List.copyOf(otherwise);
    }
  }

  /** What cuts the power of a host, looks on, and gives it again. */
  @FunctionalInterface
  interface PowerOutage {
    /**
     * Returns once it has power again, which is given whatever comes between, an end that is asked
     * for too.
     *
     * @return whether its power was cut: not where an end was asked for before
     * @throws DeskException where its power was not cut, or is not given
     */
    boolean happen(Sight sight, Time time, Consumer<String> progress)
        throws DeskException, InterruptedException;

    /** Whether it has happened: none is to come any more. */
    default boolean isOver() {
      return false;
    }
  }

  /** What can be looked at while a host has no power. */
  interface Sight {
    /** Empty where there is no cluster. */
    Optional<ClusterApi.View> api();

    /**
     * Asks hosts now, all at once and whoever works on them; one that is not reached is missing.
     */
    Map<HostName, Observations> ask(Map<Host, Probes> asked) throws InterruptedException;
  }

  /**
   * Has other hosts keep something in mind of this one, whoever works on them and without their
   * locks, all at once. One that is not reached, or cannot, is named and fails nothing: nothing may
   * depend on it.
   *
   * @param function is given the owner of this run's locks, then the arguments
   */
  record OnOthers(List<Host> others, ShellFunction function, List<String> arguments)
      implements Repair {
    public OnOthers {
      others = List.copyOf(others);
      arguments = List.copyOf(arguments);
    }
  }

  /**
   * Waits for what several hosts tell together, whoever works on them: they are asked now, and anew
   * until it is so. For what makes it safe to go on, and may not be so any more since the run
   * began: where it does not come, it is a safety check that has failed.
   *
   * @param what completes "waiting for ..."
   * @param remedy what to do where it does not come
   * @param otherwise what is done here where it does not come, and where an end is asked for
   */
  record AwaitHosts(
      String what,
      Duration deadline,
      Map<Host, Probes> asked,
      Condition condition,
      String remedy,
      List<Repair> otherwise)
      implements Repair {
    public AwaitHosts {
      asked = Collections.unmodifiableMap(new LinkedHashMap<>(asked));
      otherwise = List.copyOf(otherwise);
    }

    /** Where nothing else is done. */
    public AwaitHosts(
        String what,
        Duration deadline,
        Map<Host, Probes> asked,
        Condition condition,
        String remedy) {
      this(what, deadline, asked, condition, remedy, List.of());
    }

    /** The same, with what is done where it does not come. */
    public AwaitHosts otherwise(List<Repair> instead) {
      return new AwaitHosts(what, deadline, asked, condition, remedy, instead);
    }
  }

  /**
   * Waits until checks of the user's pass, asked from the operator's machine: all of them now, and
   * anew until all pass in the same round. Where they never do, it is a safety check that has
   * failed, by the name of the check.
   *
   * @param remedy what to do where they do not
   */
  record AwaitChecks(
      List<OwnCheck> checks, Outside.Occasion occasion, Duration deadline, String remedy)
      implements Repair {
    public AwaitChecks {
      checks = List.copyOf(checks);
    }
  }

  /**
   * Runs programs of the user's, in this order. Each has a deadline after which it is ended; one
   * that does not exit 0 fails, by its name.
   *
   * @param all whether the others are run too where one fails, because each brings something back;
   *     else the first ends it
   */
  record RunHooks(List<HookRun> hooks, boolean all) implements Repair {
    public RunHooks {
      hooks = List.copyOf(hooks);
    }
  }

  /**
   * One of them.
   *
   * @param when completes "the hook NAME ...", such as "before the drain"
   * @param within for people: whatever runs it keeps to it
   */
  record HookRun(String name, String when, Duration within, Way way) {
    /** Where it runs. */
    public sealed interface Way {
      /** On the operator's machine. */
      record Here(List<String> command, Outside.Occasion occasion) implements Way {
        public Here {
          command = List.copyOf(command);
        }
      }

      /** On the host itself. */
      record There(Script script) implements Way {}
    }
  }

  /**
   * These, one after the other. Where one fails or an end is asked for, others are done instead of
   * the rest: what failed is what is told.
   */
  record Guarded(List<Repair> parts, List<Repair> otherwise) implements Repair {
    public Guarded {
      parts = List.copyOf(parts);
      otherwise = List.copyOf(otherwise);
    }
  }

  /**
   * Goes on only while one of these windows is open, by the clock of the operator's machine; else
   * it is a safety check that has failed. For what may have been waited for since it was asked.
   */
  record InWindow(Windows windows) implements Repair {}

  /** Tells whoever sums the run up what is so by now. */
  record Tell(Fact fact) implements Repair {}

  /** Something that comes to be true of several hosts. */
  @FunctionalInterface
  interface Condition {
    /**
     * What is not so yet; empty once it is.
     *
     * @param seen what each saw that was reached
     * @param never why the others were not
     */
    List<String> missing(Map<HostName, Observations> seen, Map<HostName, String> never);

    /** What these answers tell whoever sums the run up. */
    default List<Fact> facts(Map<HostName, Observations> seen) {
      return List.of();
    }
  }

  /**
   * One after the other; the first that fails ends it. Scripts that follow each other go over in
   * one exec, the last with the look that verifies all. A run that was killed between two of them
   * finds what is left by looking, so each leaves behind what tells how far it came.
   */
  record InOrder(List<Repair> parts) implements Repair {
    public InOrder {
      parts = parts.stream().flatMap(part -> part.leaves().stream()).toList();
      if (parts.isEmpty()) {
        throw new IllegalArgumentException("no repairs");
      }
    }

    public InOrder(Repair... parts) {
      this(List.of(parts));
    }
  }

  /** Whether the rest of a list must be asked everything again after it. */
  default boolean canBringFiles() {
    return switch (this) {
      case OnHost(_, var brings) -> brings;
      case OnCluster _,
          OnDesk _,
          OnApi _,
          AwaitHosts _,
          OnOthers _,
          AwaitChecks _,
          Tell _,
          InWindow _ ->
          false;
      case Reboot _, PowerCut _, RunHooks _ -> true;
      case InOrder(var parts) -> parts.stream().anyMatch(Repair::canBringFiles);
      case Guarded(var parts, _) -> parts.stream().anyMatch(Repair::canBringFiles);
    };
  }

  /** Itself, or what it consists of. */
  default List<Repair> leaves() {
    return this instanceof InOrder(var parts) ? parts : List.of(this);
  }

  /** One repair that does what these do, in their order; all mend the same target. */
  static Repair together(List<Repair> repairs) {
    return repairs.stream()
        .reduce(Repair::and)
        .orElseThrow(() -> new IllegalArgumentException("no repairs"));
  }

  private static Repair and(Repair one, Repair other) {
    return switch (one) {
      case OnHost(var scripts, var brings) when other instanceof OnHost(var more, var bringsToo) ->
          new OnHost(both(scripts, more), brings || bringsToo);
      case OnCluster(var changes) when other instanceof OnCluster(var more) ->
          new OnCluster(both(changes, more));
      case OnDesk(var changes) when other instanceof OnDesk(var more) ->
          new OnDesk(both(changes, more));
      case OnHost _,
          OnApi _,
          Reboot _,
          PowerCut _,
          AwaitHosts _,
          OnOthers _,
          AwaitChecks _,
          RunHooks _,
          Guarded _,
          Tell _,
          InWindow _,
          InOrder _
          when !(other instanceof OnCluster || other instanceof OnDesk) ->
          new InOrder(one, other);
      case OnHost _,
          OnCluster _,
          OnDesk _,
          OnApi _,
          Reboot _,
          PowerCut _,
          AwaitHosts _,
          OnOthers _,
          AwaitChecks _,
          RunHooks _,
          Guarded _,
          Tell _,
          InWindow _,
          InOrder _ ->
          throw new IllegalStateException("a step repairs one target: " + one + ", " + other);
    };
  }

  private static <E> List<E> both(List<E> one, List<E> other) {
    return Stream.concat(one.stream(), other.stream()).toList();
  }
}
