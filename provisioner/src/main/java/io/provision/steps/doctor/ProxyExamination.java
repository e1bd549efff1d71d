package io.provision.steps.doctor;

import io.provision.model.Cidr;
import io.provision.model.Host;
import io.provision.model.NodeAddress;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Target;
import io.provision.step.doctor.Diagnosis;
import io.provision.step.doctor.Examination;
import io.provision.steps.os.NodeAddressStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Proxies that a host's programs are told of: whether they are there, and whether the other hosts
 * are among what is reached without.
 */
record ProxyExamination() implements Examination {
  @Override
  public String title() {
    return "proxies";
  }

  @Override
  public Probes probes(Target.OnHost target) {
    return Probes.of(ProxySettings.question());
  }

  @Override
  public List<Diagnosis> diagnoses(Target.OnHost target, Observations seen, Known known) {
    var proxies = seen.of(ProxySettings.question());
    var found = new ArrayList<Diagnosis>();
    new TreeMap<>(proxies.servers())
        .forEach((server, state) -> {
          if (!state.equals("reached")) {
            found.add(absent(server, state, proxies));
          }
        });
    var told = new TreeSet<String>();
    for (var setting : proxies.settings()) {
      if (!setting.isException() && !setting.isOfApt() && told.add(setting.file())) {
        var missing = missing(proxies.exceptions(setting.file()), target);
        if (!missing.isEmpty()) {
          found.add(
              Diagnosis.warning(
                  "is told of the proxy %s by %s, by which it would go to %s as well"
                      .formatted(setting.value(), setting.file(), String.join(", ", missing)),
                  "add them to NO_PROXY there, or the network that has them"));
        }
      }
    }
    return found;
  }

  /** Without the proxy of apt nothing can be installed. */
  private static Diagnosis absent(String server, String state, ProxySettings proxies) {
    var files = new TreeSet<String>();
    var isOfApt = false;
    for (var setting : proxies.settings()) {
      if (setting.value().equals(server) && !setting.isException()) {
        files.add(setting.file());
        isOfApt |= setting.isOfApt();
      }
    }
    var evidence =
        "is told of the proxy %s by %s, which is not there (%s)"
            .formatted(server, String.join(", ", files), state);
    var remedy = "correct or remove it in " + String.join(", ", files);
    return isOfApt ? Diagnosis.error(evidence, remedy) : Diagnosis.warning(evidence, remedy);
  }

  private static List<String> missing(List<String> exceptions, Target.OnHost target) {
    return target.inventory().hosts().stream()
        .filter(host -> !host.equals(target.host()))
        .flatMap(host -> address(host, target).stream())
        .filter(address -> exceptions.stream().noneMatch(it -> covers(it, address)))
        .map(NodeAddress::toString)
        .distinct()
        .toList();
  }

  private static Optional<NodeAddress> address(Host host, Target.OnHost target) {
    return NodeAddressStep.said(host, target.inventory());
  }

  /** As curl and Go read it: an address, a network, or everything. */
  private static boolean covers(String exception, NodeAddress address) {
    if (exception.equals("*") || exception.equals(address.toString())) {
      return true;
    }
    try {
      return exception.contains("/") && Cidr.parse(exception).contains(address);
    } catch (IllegalArgumentException _) {
      return false; // a name
    }
  }
}
