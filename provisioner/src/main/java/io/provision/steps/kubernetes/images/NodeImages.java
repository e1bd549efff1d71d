package io.provision.steps.kubernetes.images;

import io.provision.desk.DeskChange.ArtifactId;
import io.provision.remote.Payload;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.resource.Absent;
import io.provision.resource.FileMode;
import io.provision.resource.FileTransfer;
import io.provision.resource.Files;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Checks;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubernetes.Distributions;
import io.provision.steps.kubernetes.ImageStore;
import io.provision.steps.kubernetes.Nodes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code node-images}: images that things in the cluster need are on the node, where the operator
 * offers them: at once where its runtime runs, else when it starts. An archive that nothing needs
 * any more goes.
 */
public record NodeImages(Distributions distributions, ImageSources sources)
    implements Step<Target.OnHost> {
  private static final Duration PATIENCE = Duration.ofMinutes(30);

  /**
   * {@code take_in_images FRESH PLACE SOCKET PROGRAM ARGUMENT...}: in its place only after it was
   * taken in, so that its digest there says both.
   */
  private static final ShellFunction TAKE =
      new ShellFunction(
          "take_in_images",
          """
          fresh=$1 place=$2 socket=$3
          shift 3
          if [ -S "$socket" ]; then
            try "$@" "$fresh" >&2 || return
          fi
          (umask 022 && try mkdir -p -- "${place%/*}") && try mv -f -- "$fresh" "$place"\
          """);

  /**
   * {@code note_images FRESH PLACE NOTE PROGRAM ARGUMENT...}: taken in, and only the note of it is
   * kept.
   */
  private static final ShellFunction NOTE =
      new ShellFunction(
          "note_images",
          """
          fresh=$1 place=$2 note=$3
          shift 3
          try "$@" "$fresh" >&2 || {
            rm -f -- "$fresh"
            return 1
          }
          (umask 022 && try mkdir -p -- "${place%/*}") && put_text "$place" "$note" && try rm -f -- "$fresh"\
          """,
          List.of(FileTransfer.PUT_TEXT));

  private ImageStore store(Target target) {
    return distributions.of(target).images();
  }

  @Override
  public Probes probes(Target.OnHost target) {
    var probes = Probes.NONE;
    for (var source : sources.all()) {
      probes = probes.and(Probes.of(Files.at(store(target).place(source.name()))));
    }
    return probes;
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    return Set.of(Need.local(ImageSources.DIGESTS), Need.all(Nodes.STATE, List.of(target.host())));
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.INSTALL, Change.Action.REMOVE);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    var state = known.all(Nodes.STATE).get(target.host().name());
    var digests = known.local(ImageSources.DIGESTS);
    if (state == null || digests.isEmpty()) {
      return new Check.Skipped("it is not known which images the node needs");
    }
    var checks = new ArrayList<Check>();
    for (var source : sources.all()) {
      if (!source.isWanted(target)) {
        checks.add(unneeded(store(target).place(source.name()), seen));
        continue;
      }
      var id = source.artifact(target, state.arch());
      checks.add(
          id.filter(digests.get().all()::containsKey)
              .map(it -> one(target, seen, source, it, digests.get()))
              .orElseGet(() -> pulled(source)));
    }
    return Checks.together(checks);
  }

  private static Check pulled(ImageSource source) {
    return new Check.Skipped(
        "the node pulls the images of %s: they are not in the artifact directory"
            .formatted(source.name()));
  }

  private static Check unneeded(String place, Observations seen) {
    return new Absent(place).check(seen);
  }

  private Check one(
      Target.OnHost target,
      Observations seen,
      ImageSource source,
      ArtifactId id,
      ImageSources.Digests digests) {
    var store = store(target);
    var place = store.place(source.name());
    var wanted = Optional.ofNullable(digests.all().get(id)).orElseThrow();
    var state = seen.of(Files.at(place));
    if (state.holds(store.kept(wanted))) {
      return new Check.InSync();
    }
    var change =
        Change.of(
            Change.Action.INSTALL,
            place,
            state.sha256().map(it -> store.readsFolder() ? it.brief() : "others").orElse(""),
            wanted.brief());
    var words = new ArrayList<>(List.of(store.fresh(source.name()), place));
    words.add(store.readsFolder() ? store.socket() : store.note(wanted));
    words.addAll(store.importer());
    return new Check.Drift(
        List.of(change),
        new Repair.OnHost(
            FileTransfer.push(
                    store.fresh(source.name()),
                    FileMode.PUBLIC,
                    new Payload.Artifact(id.toString(), wanted))
                .within(PATIENCE),
            Script.of(store.readsFolder() ? TAKE : NOTE, words.toArray(String[]::new))
                .within(PATIENCE)));
  }
}
