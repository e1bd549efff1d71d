package io.provision.steps.doctor;

import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.model.NodeAddress;
import io.provision.step.Observed;
import io.provision.step.doctor.Doctor;
import io.provision.step.doctor.Examination;
import io.provision.step.doctor.Examined;
import io.provision.step.doctor.Trial;
import io.provision.steps.os.NodeAddressStep;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All that is looked at on hosts and between them.
 *
 * @param areas what areas examine in rooms of their own
 */
public record HostsDoctor(List<Examination> areas) implements Doctor {
  private static final List<Examination> OWN =
      List.of(
          new NameExamination(),
          new DpkgExamination(),
          new ResolverExamination(),
          new ProxyExamination(),
          new LeftoverExamination());

  public HostsDoctor {
    areas = List.copyOf(areas);
  }

  @Override
  public List<Examination> examinations() {
    var all = new ArrayList<>(areas);
    all.addAll(OWN);
    return List.copyOf(all);
  }

  @Override
  public List<Examined> compared(Inventory inventory, Map<HostName, Observed> seen, Instant now) {
    var all = new ArrayList<>(Clones.among(seen));
    all.addAll(EndOfLife.of(inventory, seen, now));
    return all;
  }

  /** Who told no address, or the same as another one, cannot be reached by it. */
  @Override
  public List<Trial> trials(
      Inventory inventory, Map<HostName, Observed> seen, Collection<HostName> opened, String run) {
    var addresses = new TreeMap<HostName, NodeAddress>();
    var mtus = new HashMap<HostName, Integer>();
    var owners = new HashMap<NodeAddress, HostName>();
    var twice = new ArrayList<HostName>();
    seen.forEach((host, observed) -> {
      value(observed, NodeAddressStep.MTU).ifPresent(mtu -> mtus.put(host, mtu));
      value(observed, NodeAddressStep.NODE_ADDRESS)
          .ifPresent(address -> {
            addresses.put(host, address);
            var other = owners.put(address, host);
            if (other != null) {
              twice.addAll(List.of(host, other));
            }
          });
    });
    twice.forEach(addresses::remove);
    return List.of(
        DiskTrial.of(inventory, seen.keySet()),
        WaysBetween.of(inventory, addresses, mtus, opened, "provision-" + run));
  }

  private static <V> Optional<V> value(Observed observed, io.provision.step.Output<V> output) {
    return Optional.ofNullable(observed.values().get(output)).map(output.type()::cast);
  }
}
