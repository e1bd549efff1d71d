package io.provision.step.outage;

import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.step.Given;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Repair;
import io.provision.step.Target;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Those of all areas, one after the other. */
public record Outages(List<Outage> all) implements Given, Outage {
  public Outages {
    all = List.copyOf(all);
  }

  @Override
  public Map<Host, Probes> asked(Inventory inventory) {
    var asked = new LinkedHashMap<Host, Probes>();
    all.forEach(each ->
        each.asked(inventory).forEach((host, probes) -> asked.merge(host, probes, Probes::and)));
    return asked;
  }

  @Override
  public List<String> missing(
      Inventory inventory, Map<HostName, Observations> seen, Map<HostName, String> never) {
    return all.stream().flatMap(each -> each.missing(inventory, seen, never).stream()).toList();
  }

  @Override
  public List<Repair> letGo(Target.OnHost target) {
    return all.stream().flatMap(each -> each.letGo(target).stream()).toList();
  }

  @Override
  public List<String> units(Target.OnHost target) {
    return all.stream().flatMap(each -> each.units(target).stream()).toList();
  }

  @Override
  public List<Repair> ended(Target.OnHost target) {
    return all.stream().flatMap(each -> each.ended(target).stream()).toList();
  }

  @Override
  public List<Repair> begun(Target.OnHost target) {
    return all.stream().flatMap(each -> each.begun(target).stream()).toList();
  }

  @Override
  public List<Repair> used(Target.OnHost target, Duration patience) {
    return all.stream().flatMap(each -> each.used(target, patience).stream()).toList();
  }
}
