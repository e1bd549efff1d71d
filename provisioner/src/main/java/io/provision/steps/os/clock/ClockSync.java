package io.provision.steps.os.clock;

import io.provision.model.HostName;
import io.provision.model.TimeSource;
import io.provision.remote.Call;
import io.provision.resource.kernel.Machine;
import io.provision.resource.unit.UnitState;
import io.provision.resource.unit.Units;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Checks;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.os.NodeAddressStep;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code clock-sync}: the clock follows a time server, as {@code time} of the inventory says. Where
 * it says nothing any service that does it is left as it is, and a host without one gets
 * systemd-timesyncd. A file that was written because of {@code time} goes with what asked for it.
 *
 * <p>Where no server answers, what decides is this machine's clock, and so whether the hosts agree
 * with each other: within a second a host goes on with a note; one that is more than half a minute
 * off is refused before anything is installed on it. A container's clock belongs to the machine
 * below.
 */
public record ClockSync() implements Step<Target.OnHost> {
  private static final Duration AGREES = Duration.ofSeconds(1);
  private static final Duration OFF = Duration.ofSeconds(30);
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String SOURCES =
      "name one that it reaches, 'time: { servers: [...] }', or a host for all others, 'time: {"
          + " from: HOST }'";

  @Override
  public Set<Need> needs(Target.OnHost target) {
    return switch (target.inventory().time()) {
      case TimeSource.From(var source) ->
          source.equals(target.host().name())
              ? NodeAddressStep.needs(target.inventory().hosts())
              : NodeAddressStep.needs(target.inventory().find(source).stream().toList());
      case TimeSource.AsFound _, TimeSource.Servers _, TimeSource.Unmanaged _ -> Set.of();
    };
  }

  @Override
  public Probes probes(Target.OnHost target) {
    var probes =
        Probes.of(ClockReading.question(), Machine.question())
            .and(TimeServices.undeclared().probes());
    for (var service : TimeServices.ALL) {
      probes = probes.and(Probes.of(Units.of(service)));
    }
    return switch (target.inventory().time()) {
      case TimeSource.AsFound _ -> probes.and(TimeServices.usual().probes());
      // what a file holds is no part of what is asked of it
      case TimeSource.Servers _, TimeSource.From _ ->
          probes
              .and(TimeServices.timesyncd(List.of()).probes())
              .and(TimeServices.chrony(List.of()).probes());
      case TimeSource.Unmanaged _ -> probes;
    };
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    if (seen.of(Machine.question()).isContainer()) {
      return new Check.Skipped("the clock " + Machine.BELONGS_BELOW);
    }
    var clock = seen.of(ClockReading.question());
    var time = target.inventory().time();
    var service = running(seen);
    if (clock.isApartBy(OFF) && !clock.synchronised() && !clock.settling()) {
      return new Check.Refused(
          "its clock is %s, and follows no time server".formatted(clock.difference()),
          "set the clock that is wrong, then run again. so that it stays right, " + SOURCES);
    }
    return switch (time) {
      case TimeSource.Unmanaged _ ->
          Checks.then(TimeServices.undeclared().check(seen), () -> unmanaged(clock));
      case TimeSource.AsFound _ ->
          Checks.then(
              TimeServices.undeclared().check(seen),
              () -> service.isEmpty() ? TimeServices.usual().check(seen) : judged(clock));
      case TimeSource.Servers(var servers) -> kept(servers, service, seen, clock);
      case TimeSource.From(var source) -> from(source, service, target, seen, known);
    };
  }

  @Override
  public Set<Change.Action> mayDo() {
    return EnumSet.allOf(Change.Action.class);
  }

  private static Optional<String> running(Observations seen) {
    return TimeServices.ALL.stream()
        .filter(service -> isRunning(seen.of(Units.of(service))))
        .findFirst();
  }

  private static boolean isRunning(UnitState unit) {
    return unit.isRunning() || unit.isStarting();
  }

  private static Check from(
      HostName source,
      Optional<String> service,
      Target.OnHost target,
      Observations seen,
      Known known) {
    var addresses = NodeAddressStep.all(target.inventory(), known);
    var clock = seen.of(ClockReading.question());
    if (!source.equals(target.host().name())) {
      var address = addresses.get(source);
      return address == null
          ? new Check.Skipped(
              "the address of %s, which gives the time, is not known".formatted(source))
          : kept(List.of(address.toString()), service, seen, clock);
    }
    addresses.remove(source);
    var foreign = foreign(service.filter(it -> !it.equals(TimeServices.TIMESYNCD)));
    return foreign.orElseGet(() -> then(TimeServices.source(addresses.values()), seen, clock));
  }

  private static Check kept(
      List<String> servers, Optional<String> service, Observations seen, ClockReading clock) {
    var piece =
        service.filter(TimeServices.CHRONY::equals).isPresent()
            ? TimeServices.chrony(servers)
            : TimeServices.timesyncd(servers);
    return foreign(service.filter(it -> !it.equals(TimeServices.TIMESYNCD)))
        .orElseGet(() -> then(piece, seen, clock));
  }

  /** Services that are somebody's choice, and that we do not configure. */
  private static Optional<Check> foreign(Optional<String> service) {
    return service
        .filter(it -> !it.equals(TimeServices.CHRONY))
        .map(it ->
            new Check.Refused(
                "%s keeps its clock, and is not configured by this".formatted(it),
                "name the servers in its own file and write 'time: { unmanaged: true }', or remove"
                    + " it: systemd-timesyncd and chrony are configured"));
  }

  private static Check then(TimeServices.Service service, Observations seen, ClockReading clock) {
    return Checks.then(TimeServices.only(service).check(seen), () -> judged(clock));
  }

  private static Check unmanaged(ClockReading clock) {
    return clock.isApartBy(AGREES)
        ? new Check.InSync(Observed.noting("its clock is " + clock.difference()))
        : new Check.InSync();
  }

  /** Of a clock that some service keeps. */
  static Check judged(ClockReading clock) {
    if (clock.synchronised()) {
      return clock.isApartBy(AGREES)
          ? new Check.InSync(
              Observed.noting(
                  "its clock, which follows a time server, is %s: correct this machine's"
                      .formatted(clock.difference())))
          : new Check.InSync();
    }
    if (clock.settling()) {
      return new Check.NotYet(
          "the clock to be in sync",
          PATIENCE,
          Call.of(ClockReading.IS_SETTLED),
          Call.of(ClockReading.EXPLAIN));
    }
    if (clock.isApartBy(AGREES)) {
      return new Check.NotYet(
          "a time server to correct the clock, which is " + clock.difference(),
          PATIENCE,
          Call.of(ClockReading.FOLLOWS),
          Call.of(ClockReading.EXPLAIN));
    }
    return new Check.InSync(
        Observed.noting(
            "no time server has set its clock, which agrees with this machine's now; so that it"
                + " stays right, "
                + SOURCES));
  }
}
