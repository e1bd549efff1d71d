package io.provision.steps.os.swap;

import io.provision.model.Content;
import io.provision.remote.Payload;
import io.provision.remote.Script;
import io.provision.resource.FileState;
import io.provision.resource.Files;
import io.provision.resource.ManagedFile;
import io.provision.resource.kernel.Machine;
import io.provision.resource.unit.ServiceManagers;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Checks;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * {@code swap-off}: no swap, now and after a boot: swap areas off, swap lines of /etc/fstab
 * commented (the file as it was is kept beside it), swap units and zram masked, {@code swap.target}
 * masked. Not where the inventory says {@code swap: allowed}; with a cluster of no Kubernetes only
 * where it says {@code swap: disabled}. In a container swap in use belongs to the machine below.
 */
public record SwapOff() implements Step<Target.OnHost> {
  @Override
  public Probes probes(Target.OnHost target) {
    return Probes.of(SwapState.question(), Files.text("/etc/fstab"), Machine.question())
        .and(ServiceManagers.SYSTEMD.probes());
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    var cluster = target.inventory().cluster();
    if (cluster.filter(SwapSection::isAllowed).isPresent()) {
      return new Check.Skipped("the inventory says 'swap: allowed'");
    }
    if (cluster.filter(SwapSection::isLeft).isPresent()) {
      return new Check.Skipped("there is no Kubernetes here, nor 'swap: disabled'");
    }
    var fstab = seen.of(Files.text("/etc/fstab"));
    if (fstab.isFile() && fstab.text().isEmpty()) {
      return new Check.Refused("/etc/fstab is larger than 64 KiB", "make it smaller");
    }
    return Checks.together(
        ServiceManagers.SYSTEMD.check(seen),
        check(seen.of(SwapState.question()), fstab, seen.of(Machine.question())));
  }

  static Check check(SwapState state, FileState file, Machine machine) {
    var unseen = state.unseen();
    if (unseen.isPresent()) {
      return new Check.Refused(
          "whether it has swap cannot be told: nothing came of '%s'".formatted(unseen.get()),
          "log in by hand and see what stops that from being read");
    }
    var changes = new ArrayList<Change>();
    var scripts = new ArrayList<Script>();
    var fstab = file.text().orElse(new Content.Plain(new byte[0]));
    var wanted = Fstab.withoutSwap(fstab);
    if (!wanted.commented().isEmpty()) {
      changes.add(
          new Change(
              Change.Action.UPDATE,
              "/etc/fstab",
              new Change.Detail.Text(fstab.text(), wanted.text().text())));
      var written = ManagedFile.inPlaceOf(file, "/etc/fstab", wanted.text());
      changes.addAll(written.rights(file));
      scripts.add(
          Script.of(
                  SwapState.WRITE_FSTAB,
                  written.mode().toString(),
                  written.owner(),
                  written.group(),
                  wanted.text().sha256().hex(),
                  fstab.sha256().hex())
              .with(new Payload.Bytes(wanted.text()))
              .standingAlone());
    }
    var units = state.unitsToMask();
    units.forEach(unit -> changes.add(Change.of(Change.Action.DISABLE, "unit " + unit)));
    if (!units.isEmpty()) {
      scripts.add(Script.of(SwapState.MASK, units.toArray(String[]::new)).standingAlone());
    }
    if (!machine.isContainer() && !state.inUse().isEmpty()) {
      state.inUse().forEach(area -> changes.add(Change.of(Change.Action.STOP, "swap " + area)));
      scripts.add(Script.of(SwapState.SWAP_OFF).within(Duration.ofMinutes(20)).standingAlone());
    }
    if (!changes.isEmpty()) {
      return new Check.Drift(changes, new Repair.OnHost(scripts, movesFiles(units)));
    }
    return state.inUse().isEmpty() || !machine.isContainer()
        ? new Check.InSync()
        : new Check.Skipped(
            "swap %s %s".formatted(String.join(", ", state.inUse()), Machine.BELONGS_BELOW));
  }

  /** A unit that somebody wrote is kept under another name; systemd's own has none of those. */
  private static boolean movesFiles(List<String> units) {
    return !List.of(SwapState.TARGET).containsAll(units);
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.copyOf(List.of(Change.Action.UPDATE, Change.Action.DISABLE, Change.Action.STOP));
  }
}
