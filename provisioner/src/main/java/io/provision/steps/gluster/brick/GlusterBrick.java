package io.provision.steps.gluster.brick;

import io.provision.model.HostName;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Checks;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.gluster.answers.Reading;
import io.provision.steps.gluster.answers.VolumeInfo;
import io.provision.steps.gluster.declared.GlusterVolume;
import io.provision.steps.gluster.pool.DeclaredStorage;
import io.provision.steps.gluster.pool.GlusterIdentity;
import io.provision.steps.gluster.pool.GlusterLook;
import io.provision.steps.gluster.pool.PoolView;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * {@code gluster-brick}: the directory of each brick this host holds, inside a file system of its
 * own, with a marker of ours beside it. What somebody else put there is never touched. What an
 * interrupted creation of ours left behind is removed where the marker proves it, nothing but
 * gluster's own is in it, and no volume of the pool has its id.
 */
public record GlusterBrick() implements Step<Target.OnHost> {
  /** The volumes whose brick on this host is ready. */
  public static final Output<Ready> BRICKS = new Output<>("gluster-bricks", Ready.class);

  /**
   * Bricks that are ready.
   *
   * @param onRoot those of them that are on the root file system, as the inventory allows
   */
  public record Ready(Set<String> volumes, Set<String> onRoot) {
    public Ready {
      volumes = java.util.Collections.unmodifiableSet(new TreeSet<>(volumes));
      onRoot = java.util.Collections.unmodifiableSet(new TreeSet<>(onRoot));
    }

    @Override
    public String toString() {
      return String.join(",", volumes);
    }
  }

  /** {@code make_brick PATH MARKER TEXT}. */
  private static final ShellFunction MAKE =
      new ShellFunction(
          "make_brick",
          """
          path=$1 marker=$2 text=$3
          (umask 022 && try mkdir -p -- "${path%/*}") || return
          printf '%s\\n' "$text" >"$marker" && sync "$marker" || return 1
          [ -d "$path" ] || try mkdir -m 755 -- "$path"\
          """);

  /** {@code clear_brick PATH MARKER TEXT}: only what gluster itself made is removed. */
  private static final ShellFunction CLEAR =
      new ShellFunction(
          "clear_brick",
          """
          path=$1 marker=$2 text=$3
          [ "$(head -n 1 "$marker")" = "$text" ] || {
            echo "$marker does not say that $path is ours" >&2
            return 1
          }
          found=$(brick_foreign "$path") || {
            echo "$path could not be searched" >&2
            return 1
          }
          [ -z "$found" ] || {
            echo "$found is there: $path is not empty" >&2
            return 1
          }
          say "removing what an interrupted creation left at $path"
          try rm -rf -- "$path/.glusterfs" || return
          # directories alone, of which one that got a file meanwhile stays
          for own in "$path"/.glusterfs-anonymous-inode-* "$path/.trashcan"; do
            [ ! -d "$own" ] || try find "$own" -depth -type d -exec rmdir -- {} + || return
          done
          try rmdir -- "$path" && try mkdir -m 755 -- "$path"\
          """,
          List.of(BrickState.FOREIGN));

  @Override
  public Set<Need> needs(Target.OnHost target) {
    if (!DeclaredStorage.concerns(target)) {
      return Set.of();
    }
    var needs = new HashSet<>(GlusterDisk.mounted(target));
    needs.add(Need.some(GlusterIdentity.NODE, DeclaredStorage.storage(target.inventory())));
    return needs;
  }

  static Question<BrickState> question(GlusterVolume volume) {
    return BrickState.of(volume.brick(), marker(volume));
  }

  private static String marker(GlusterVolume volume) {
    var slash = volume.brick().lastIndexOf('/');
    return "%s/.provision-brick.%s"
        .formatted(volume.brick().substring(0, slash), volume.brick().substring(slash + 1));
  }

  private static String text(GlusterVolume volume) {
    return "brick %s of volume %s, made by provision".formatted(volume.brick(), volume.name());
  }

  @Override
  public Probes probes(Target.OnHost target) {
    if (!DeclaredStorage.concerns(target)) {
      return Probes.NONE;
    }
    var questions = new ArrayList<Question<?>>(List.of(GlusterLook.INFO, GlusterLook.PEERS));
    DeclaredStorage.volumes(target.inventory()).forEach(it -> questions.add(question(it)));
    return Probes.ofAll(questions);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    if (!DeclaredStorage.concerns(target)) {
      return DeclaredStorage.NO_VOLUMES;
    }
    if (!(seen.of(GlusterLook.INFO) instanceof Reading.Of<List<VolumeInfo>>(var volumes))) {
      return GlusterIdentity.unanswered(seen);
    }
    var self = target.host().name();
    var view = PoolView.of(target.inventory(), known);
    var layouts = Layouts.of(target.inventory(), view, known.removals());
    var checks = new ArrayList<Check>();
    var ready = new TreeSet<String>();
    var onRoot = new TreeSet<String>();
    var idle = new ArrayList<String>();
    for (var wanted : DeclaredStorage.volumes(target.inventory())) {
      if (!layouts.of(wanted).all().contains(self)) {
        idle.add(wanted.name());
        continue;
      }
      var state = seen.of(question(wanted));
      checks.add(check(self, wanted, state, volumes, view));
      ready.add(wanted.name());
      if (state.isOnRoot()) {
        onRoot.add(wanted.name());
      }
    }
    onRoot.forEach(name -> checks.add(new Check.InSync(Observed.noting(onRootNow(name)))));
    return Checks.then(
        Checks.together(checks), () -> whole(Observed.of(BRICKS, new Ready(ready, onRoot)), idle));
  }

  /** Of a brick that is there, or is allowed to be. */
  private static String onRootNow(String volume) {
    return "the brick of volume %s is on the root file system: a full volume leaves the host no room, and what fills the host stops the volume. the way out is a file system of its own in that place, a host at a time, by 'gluster volume reset-brick'"
        .formatted(volume);
  }

  /**
   * @param idle volumes that have no brick here
   */
  private static Check whole(Observed observed, List<String> idle) {
    return idle.isEmpty()
        ? new Check.InSync(observed)
        : new Check.Skipped(
            "too few new storage hosts for another set of %s: it joins the pool without a brick"
                .formatted(String.join(", ", idle)),
            observed);
  }

  static Check check(
      HostName self,
      GlusterVolume wanted,
      BrickState state,
      List<VolumeInfo> volumes,
      PoolView view) {
    var refusal = refusal(self, wanted, state, volumes, view);
    if (refusal.isPresent()) {
      return refusal.get();
    }
    var subject = "brick %s:%s".formatted(self, wanted.brick());
    if (!state.id().isEmpty() && owner(state.id(), volumes).isEmpty()) {
      return new Check.Drift(
          List.of(
              Change.of(
                  Change.Action.REMOVE,
                  subject,
                  "what an interrupted creation left",
                  "an empty directory")),
          new Repair.OnHost(Script.of(CLEAR, wanted.brick(), marker(wanted), text(wanted))));
    }
    if (!state.id().isEmpty() || state.exists() && state.marker().equals(text(wanted))) {
      return new Check.InSync();
    }
    return new Check.Drift(
        List.of(Change.of(Change.Action.CREATE, subject)),
        new Repair.OnHost(Script.of(MAKE, wanted.brick(), marker(wanted), text(wanted))));
  }

  /** Everything that must not be touched. */
  private static Optional<Check> refusal(
      HostName self,
      GlusterVolume wanted,
      BrickState state,
      List<VolumeInfo> volumes,
      PoolView view) {
    var path = wanted.brick();
    var listed =
        VolumeInfo.find(volumes, wanted.name()).stream()
            .flatMap(volume -> volume.bricks().stream())
            .anyMatch(brick ->
                brick.path().equals(path) && view.named(brick.uuid()).equals(Optional.of(self)));
    if (!state.readable()) {
      return refuse(
          "there is no getfattr, so nobody can say whose %s is".formatted(path),
          "install the package attr");
    }
    if (listed && state.id().isEmpty()) {
      return refuse(
          "%s belongs to volume %s, and what is there has no mark of it"
              .formatted(path, wanted.name()),
          "mount its file system (it is on '%s' now); after a lost disk see 'gluster volume reset-brick'"
              .formatted(state.mount()));
    }
    if (state.exists() && !state.directory()) {
      return refuse(
          "%s exists and is not a directory".formatted(path), "move it away, then run again");
    }
    if (state.isOnRoot() && !wanted.allowRoot() && !listed) {
      return onRoot(path);
    }
    if (state.mount().equals(path)) {
      return refuse(
          "%s is itself a mount point; unmounted, gluster would write beneath it".formatted(path),
          "take a directory inside it, for example %s/brick".formatted(path));
    }
    if (!state.parentId().isEmpty()) {
      return refuse(
          "%s is inside a brick of volume id %s".formatted(path, uuid(state.parentId())),
          "take another directory");
    }
    if (state.id().isEmpty()) {
      return state.foreign() || state.gfid()
          ? refuse(
              "%s holds data that is not of this volume".formatted(path),
              "move it away or take another directory; when the volume is there, copy it in through"
                  + " its mount")
          : Optional.empty();
    }
    return marked(wanted, state, volumes, listed);
  }

  static Optional<Check> onRoot(String path) {
    return refuse(
        "%s is on the root file system, which a full volume would fill".formatted(path),
        "mount a file system of its own there, or write allow_root: true");
  }

  private static Optional<Check> marked(
      GlusterVolume wanted, BrickState state, List<VolumeInfo> volumes, boolean listed) {
    var owner = owner(state.id(), volumes);
    if (owner.isPresent()) {
      return listed && owner.get().name().equals(wanted.name())
          ? Optional.empty()
          : refuse(
              "%s has the mark of volume %s, which does not list it"
                  .formatted(wanted.brick(), owner.get().name()),
              "it was taken out of that volume: when its data is not needed any more, remove the"
                  + " directory, then run again");
    }
    if (listed) {
      return refuse(
          "%s has the mark of volume id %s, not that of volume %s"
              .formatted(wanted.brick(), uuid(state.id()), wanted.name()),
          "somebody put another disk there: mount the right one");
    }
    if (state.marker().equals(text(wanted)) && state.foreign()) {
      return deleted(wanted, state);
    }
    return state.marker().equals(text(wanted))
        ? Optional.empty()
        : refuse(
            "%s has the mark of volume id %s, which this pool does not know%s"
                .formatted(
                    wanted.brick(), uuid(state.id()), state.foreign() ? ", and holds data" : ""),
            "if its data is not needed any more, remove the directory; otherwise take another");
  }

  /** It was ours, and its volume is not there any more: how its files come back. */
  private static Optional<Check> deleted(GlusterVolume wanted, BrickState state) {
    var command =
        state.back().isEmpty()
            ? "'gluster volume create %s ... force' with the same bricks in the order they had: the host that deleted it says the whole command at this step"
                .formatted(wanted.name())
            : "'%s' on this host".formatted(state.back());
    return refuse(
        "%s holds the files of volume %s, which was deleted (volume id %s)"
            .formatted(wanted.brick(), wanted.name(), uuid(state.id())),
        "to have them back: %s; then run again, which starts it. If nobody needs them, remove the directory"
            .formatted(command));
  }

  private static Optional<VolumeInfo> owner(String id, List<VolumeInfo> volumes) {
    return volumes.stream().filter(it -> it.id().replace("-", "").equalsIgnoreCase(id)).findFirst();
  }

  private static String uuid(String hex) {
    return hex.replaceFirst("^(.{8})(.{4})(.{4})(.{4})(.{12})$", "$1-$2-$3-$4-$5");
  }

  private static Optional<Check> refuse(String what, String remedy) {
    return Optional.of(new Check.Refused(what, remedy));
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return DeclaredStorage.concerns(target) ? Set.of(BRICKS) : Set.of();
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.CREATE, Change.Action.REMOVE);
  }
}
