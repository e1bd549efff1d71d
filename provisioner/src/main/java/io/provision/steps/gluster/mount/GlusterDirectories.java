package io.provision.steps.gluster.mount;

import io.provision.model.HostName;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.resource.Mounts;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Group;
import io.provision.step.Kind;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.gluster.declared.GlusterStorage;
import io.provision.steps.gluster.declared.GlusterVolume;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The directories of declared PersistentVolumes, made inside the mounted volume by the first host
 * that has it mounted. They are nowhere else, so that a pod cannot start where it is not mounted.
 */
public record GlusterDirectories() implements Step<Target.OnHost> {

  /** Asks the kernel's list first: no automount is triggered. No answer in 5 s is no. */
  private static final ShellFunction LOOK =
      new ShellFunction(
          "look_gluster_directory",
          """
          [ "$(mount_type "$1")" = fuse.glusterfs ] || return 0
          ([ -d "$1/$2" ] && echo there) &
          pid=$! tries=50
          while [ "$tries" -gt 0 ]; do
            read -r _ _ state _ <"/proc/$pid/stat" || break
            [ "$state" != Z ] || break
            sleep 0.1
            tries=$((tries - 1))
          done
          return 0\
          """,
          List.of(Mounts.TYPE));

  private static final ShellFunction MAKE =
      new ShellFunction(
          "make_gluster_directory",
          """
          if ! timeout 30 test -f "$1/$3"; then
            echo "$1 is not the volume: there is no $3 in it" >&2
            return 1
          fi
          (umask 022 && try timeout 30 mkdir -p -- "$1/$2")\
          """);

  private record Place(String mount, String path) {
    Question<Boolean> question() {
      return Question.of(
          Kind.single(LOOK, frame -> frame.output().strip().equals("there")), mount, path);
    }
  }

  @Override
  public Probes probes(Target.OnHost target) {
    return Probes.ofAll(
        places(target, _ -> true).stream().<Question<?>>map(Place::question).toList());
  }

  /** Where none of those before this host has it mounted, this one makes them. */
  @Override
  public Set<Need> needs(Target.OnHost target) {
    var self = target.host().name();
    var before = new LinkedHashSet<HostName>();
    var _ =
        places(
            target,
            group ->
                before.addAll(group.members().stream().takeWhile(it -> !it.equals(self)).toList()));
    return before.isEmpty()
        ? Set.of()
        : Set.of(
            Need.someSoFar(
                GlusterMount.MOUNTED,
                target.inventory().hosts().stream()
                    .filter(host -> before.contains(host.name()))
                    .toList()));
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.CREATE);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    var lost = known.never(GlusterMount.MOUNTED);
    var self = Optional.of(target.host().name());
    var places = places(target, group -> group.actor(name -> !lost.containsKey(name)).equals(self));
    if (places.isEmpty()) {
      return new Check.Skipped("no persistent volumes are declared whose directories it makes");
    }
    var changes = new ArrayList<Change>();
    var scripts = new ArrayList<Script>();
    for (var place : places) {
      if (!seen.of(place.question())) {
        changes.add(Change.of(Change.Action.CREATE, place.mount() + "/" + place.path()));
        scripts.add(Script.of(MAKE, place.mount(), place.path(), MountState.SENTINEL));
      }
    }
    return changes.isEmpty()
        ? new Check.InSync()
        : new Check.Drift(changes, new io.provision.step.Repair.OnHost(scripts, false));
  }

  /** Those of the volumes that are mounted here. */
  private static List<Place> places(Target.OnHost target, Predicate<Group> which) {
    var places = new ArrayList<Place>();
    for (var volume : GlusterStorage.of(target.cluster()).volumes()) {
      var group = mounting(target, volume);
      if (group.has(target.host().name()) && which.test(group)) {
        for (var declared : volume.persistentVolumes()) {
          places.add(new Place(volume.mount().orElseThrow(), declared.path()));
        }
      }
    }
    return places;
  }

  private static Group mounting(Target.OnHost target, GlusterVolume volume) {
    return Group.of(
        target.inventory().hosts().stream()
            .filter(host -> volume.mountOn().isEmpty() || volume.mountOn().contains(host.name()))
            .toList());
  }
}
