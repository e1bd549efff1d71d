package io.provision.steps.k3s;

import io.provision.model.Sha256;
import io.provision.model.Version;
import io.provision.remote.Payload;
import io.provision.remote.Script;
import io.provision.resource.FileMode;
import io.provision.resource.FileState;
import io.provision.resource.FileTransfer;
import io.provision.resource.Files;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubernetes.Nodes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The program itself, with the pinned digest, and a note which version it is. */
public record K3sBinary() implements Step<Target.OnHost> {
  @Override
  public Probes probes(Target.OnHost target) {
    return Probes.of(K3sLooks.BASICS, Files.at(K3s.BINARY));
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    return Set.of(Need.local(K3s.DIGESTS));
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.INSTALL, Change.Action.UPDATE, Change.Action.UPGRADE);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    var basics = seen.of(K3sLooks.BASICS);
    var refusal = refusal(basics, known);
    if (refusal.isPresent()) {
      return refusal.get();
    }
    var wanted = digest(basics, known);
    var changes = new ArrayList<Change>();
    var scripts = new ArrayList<Script>();
    var file = seen.of(Files.at(K3s.BINARY));
    if (!isInPlace(file, wanted)) {
      changes.add(install(target, file, wanted));
      scripts.add(push(target, basics.arch(), wanted));
    }
    if (!basics.isRecorded()
        || !basics.version().filter(Nodes.version(target)::equals).isPresent()) {
      changes.add(
          basics
              .version()
              .filter(has -> !has.equals(Nodes.version(target)))
              .map(old -> upgrade(target, old))
              .orElseGet(() -> Change.of(Change.Action.UPDATE, K3s.VERSION)));
      scripts.add(Script.of(K3sScripts.RECORD_VERSION, Nodes.version(target).toString()));
    }
    return changes.isEmpty()
        ? new Check.InSync()
        : new Check.Drift(changes, new Repair.OnHost(List.copyOf(scripts), false));
  }

  static Change install(Target.OnHost target, FileState file, Sha256 wanted) {
    return Change.of(
        Change.Action.INSTALL,
        K3s.BINARY,
        file.sha256().map(Sha256::brief).orElse(""),
        "%s (%s)".formatted(Nodes.version(target), wanted.brief()));
  }

  static Change upgrade(Target.OnHost target, Version old) {
    return Change.of(
        Change.Action.UPGRADE, "k3s", old.toString(), Nodes.version(target).toString());
  }

  /** Why there is no program for a host, where what it says of its processor has none. */
  static Optional<Check.Refused> refusal(K3sLooks.Basics basics, Known known) {
    return pinned(basics, known).isPresent()
        ? Optional.empty()
        : Optional.of(noneFor(basics.arch()));
  }

  static Check.Refused noneFor(String arch) {
    return new Check.Refused(
        "there is no k3s for its processor (%s)".formatted(arch.isEmpty() ? "unknown" : arch),
        "use a host with amd64 or arm64");
  }

  private static Optional<Sha256> pinned(K3sLooks.Basics basics, Known known) {
    return known.local(K3s.DIGESTS).flatMap(digests -> digests.binary(basics.arch()));
  }

  /** The digest of the program for a host that {@link #refusal} has nothing against. */
  static Sha256 digest(K3sLooks.Basics basics, Known known) {
    return pinned(basics, known)
        .orElseThrow(() -> new IllegalStateException("no digest is pinned for " + basics.arch()));
  }

  static boolean isInPlace(FileState state, Sha256 wanted) {
    return state.holds(wanted) && state.mode().equals(FileMode.PROGRAM);
  }

  static Script push(Target.OnHost target, String arch, Sha256 digest) {
    var id = K3s.artifact(target, arch, K3sArtifacts.PROGRAM).toString();
    return FileTransfer.push(K3s.BINARY, FileMode.PROGRAM, new Payload.Artifact(id, digest));
  }
}
