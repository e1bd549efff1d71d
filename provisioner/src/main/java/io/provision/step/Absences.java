package io.provision.step;

import java.time.Duration;
import java.util.List;

/** Those of all areas, one after the other. */
public record Absences(List<Absence> all) implements Given, Absence {
  public Absences {
    all = List.copyOf(all);
  }

  @Override
  public List<Repair.AwaitHosts> beforeItGoes(Target.OnHost target, Duration patience) {
    return all.stream().flatMap(each -> each.beforeItGoes(target, patience).stream()).toList();
  }

  @Override
  public List<Repair> asItGoes(Target.OnHost target) {
    return all.stream().flatMap(each -> each.asItGoes(target).stream()).toList();
  }

  @Override
  public List<Repair> onceItStays(Target.OnHost target) {
    return all.stream().flatMap(each -> each.onceItStays(target).stream()).toList();
  }

  @Override
  public List<Repair.AwaitHosts> onceItIsBack(Target.OnHost target, Duration patience) {
    return all.stream().flatMap(each -> each.onceItIsBack(target, patience).stream()).toList();
  }

  @Override
  public boolean wantsAllOthers(Target.OnHost target) {
    return all.stream().anyMatch(each -> each.wantsAllOthers(target));
  }
}
