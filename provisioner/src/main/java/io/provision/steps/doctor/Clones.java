package io.provision.steps.doctor;

import io.provision.model.HostName;
import io.provision.step.MachineIdentity;
import io.provision.step.Observed;
import io.provision.step.doctor.Diagnosis;
import io.provision.step.doctor.Examined;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Hosts that cannot be told apart: by what clones keep, or by what they call themselves. */
final class Clones {
  private Clones() {}

  static List<Examined> among(Map<HostName, Observed> seen) {
    var hosts = new TreeMap<>(seen);
    var all = new ArrayList<Examined>();
    hosts.forEach((host, own) -> {
      var found = new ArrayList<Diagnosis>();
      hosts
          .headMap(host)
          .forEach((other, others) -> {
            twin(other, identity(own), identity(others)).ifPresent(found::add);
            namesake(host, other, called(own), called(others)).ifPresent(found::add);
          });
      all.add(new Examined(host.value(), "clones", found));
    });
    return all;
  }

  private static Optional<MachineIdentity> identity(Observed of) {
    return Optional.ofNullable(of.values().get(MachineIdentity.OUTPUT))
        .map(MachineIdentity.class::cast);
  }

  private static Optional<String> called(Observed of) {
    return Optional.ofNullable(of.values().get(NameExamination.CALLED)).map(String.class::cast);
  }

  /** One machine by two names is refused by the plan. */
  private static Optional<Diagnosis> twin(
      HostName other, Optional<MachineIdentity> own, Optional<MachineIdentity> others) {
    if (own.isEmpty() || others.isEmpty() || own.get().isSame(others.get())) {
      return Optional.empty();
    }
    var shared = own.get().shared(others.get());
    return shared.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Diagnosis.error(
                "has the same %s as %s: one is a clone of the other"
                    .formatted(String.join(" and ", shared), other),
                "on one of them 'rm /etc/machine-id /var/lib/dbus/machine-id;"
                    + " systemd-machine-id-setup; reboot', or give the virtual machine a new UUID"
                    + " and new MAC addresses"));
  }

  private static Optional<Diagnosis> namesake(
      HostName host, HostName other, Optional<String> own, Optional<String> others) {
    return own.isPresent() && own.equals(others)
        ? Optional.of(
            Diagnosis.note(
                "calls itself '%s', as %s does".formatted(own.get(), other),
                "'provision apply' calls them %s and %s".formatted(host, other)))
        : Optional.empty();
  }
}
