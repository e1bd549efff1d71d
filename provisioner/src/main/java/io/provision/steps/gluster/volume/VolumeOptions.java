package io.provision.steps.gluster.volume;

import io.provision.remote.Script;
import io.provision.step.Change;
import io.provision.steps.gluster.declared.GlusterVolume;
import io.provision.steps.gluster.pool.GlusterScripts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What is set on a volume: what the inventory declares, and what decides about its data. */
record VolumeOptions(GlusterVolume wanted, VolumeAccess access) {

  /**
   * Adds what differs from the options that are set already.
   *
   * @param present as {@code volume info} lists them
   */
  void into(Map<String, String> present, List<Change> changes, List<Script> scripts) {
    var set = new TreeMap<String, List<String>>();
    wanted
        .options()
        .forEach((name, value) -> {
          var is = present.getOrDefault(name, "");
          if (is.isEmpty() || !OptionValue.same(is, value)) {
            changes.add(change(name, is, value));
            set(set, name, value);
          }
        });
    DataOptions.amiss(wanted, present, access)
        .forEach((name, value) -> {
          var is = present.getOrDefault(name, "");
          if (value.equals(DataOptions.RESET)) {
            changes.add(change(name, is, "not set"));
            scripts.add(Script.of(GlusterScripts.RESET, owner(name), name));
          } else {
            changes.add(change(name, is, value));
            set(set, name, value);
          }
        });
    set.forEach((owner, pairs) -> {
      var words = new ArrayList<>(List.of(owner));
      words.addAll(pairs);
      scripts.add(Script.of(GlusterScripts.SET, words.toArray(String[]::new)));
    });
  }

  private void set(Map<String, List<String>> byOwner, String option, String value) {
    byOwner.computeIfAbsent(owner(option), _ -> new ArrayList<>()).addAll(List.of(option, value));
  }

  private String owner(String option) {
    return DataOptions.owner(option, wanted.name());
  }

  private Change change(String option, String from, String to) {
    return Change.of(
        Change.Action.UPDATE, "option %s of volume %s".formatted(option, wanted.name()), from, to);
  }
}
