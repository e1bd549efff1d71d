package io.provision.steps.kubeadm.runtime;

import io.provision.desk.DeskChange.ArtifactId;
import io.provision.model.Sha256;
import io.provision.model.Version;
import io.provision.remote.Frame;
import io.provision.remote.Payload;
import io.provision.remote.Script;
import io.provision.resource.FileMode;
import io.provision.resource.FileTransfer;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Kind;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Repair;
import io.provision.step.Target;
import io.provision.steps.kubeadm.runtime.RuntimeRelease.Part;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The programs of the runtime that the inventory declares, on one host. On a node that lives they
 * are replaced in the order of its upgrade, while it is drained.
 */
public record RuntimePrograms(Target.OnHost target, Optional<RuntimeRelease> release) {
  /** What tells of a host which programs it has by us. */
  public static final String RECORDS = "/var/lib/provision/runtime";

  private static final Duration UPLOAD = Duration.ofMinutes(30);

  private static final Question<Has> LOOK =
      Question.of(Kind.single(RuntimeScripts.LOOK, RuntimePrograms::read), RECORDS);

  private static final Pattern PART =
      Pattern.compile("part ([a-z-]{1,30}) (v[0-9A-Za-z.+-]{1,80}) ([0-9a-f]{64})");

  /** Of what is published, which version a host has. */
  private record Release(Version version, Sha256 digest) {}

  /**
   * What a host has of them.
   *
   * @param parts by their names
   * @param others programs that are not as they were installed
   */
  private record Has(Map<String, Release> parts, Set<String> others) {
    private Has {
      parts = Map.copyOf(parts);
      others = Set.copyOf(others);
    }
  }

  public static RuntimePrograms of(Target.OnHost target) {
    return new RuntimePrograms(target, RuntimeRelease.of(target));
  }

  public Probes probes() {
    return Probes.of(LOOK, RuntimeLooks.CONTAINERD);
  }

  private static Has read(Frame frame) {
    var parts = new HashMap<String, Release>();
    var others = new TreeSet<String>();
    for (var line : frame.output().split("\n")) {
      var part = PART.matcher(line);
      if (part.matches()) {
        parts.put(
            part.group(1), new Release(Version.parse(part.group(2)), new Sha256(part.group(3))));
      } else if (line.matches("other /[A-Za-z0-9._/-]{1,300}")) {
        others.add(line.substring("other ".length()));
      }
    }
    return new Has(parts, others);
  }

  /** Whether the containerd of this host came from here, in whatever version. */
  static boolean brought(Observations seen) {
    return seen.of(LOOK).parts().containsKey(RuntimeRelease.CONTAINERD);
  }

  /** Whether the containerd that is declared has come, if any is. */
  boolean hasCome(Observations seen) {
    return release.isEmpty()
        || Optional.ofNullable(seen.of(LOOK).parts().get(RuntimeRelease.CONTAINERD))
            .map(Release::version)
            .equals(release.map(RuntimeRelease::containerd));
  }

  private static boolean isChanged(Has has, Part part) {
    return has.others().stream()
        .anyMatch(path -> path.substring(0, path.lastIndexOf('/')).equals(part.place()));
  }

  /** Why this host cannot have what is declared, whatever it is; empty where it can. */
  public Optional<Check> refusal(Observations seen, boolean lives) {
    var has = seen.of(LOOK).parts();
    if (release.isEmpty()) {
      return has.isEmpty()
          ? Optional.empty()
          : Optional.of(
              new Check.Refused(
                  "its container runtime came by 'container_runtime', which the inventory has no more",
                  "write it again; or take the node out ('provision remove'), and let it come back with that of its system"));
    }
    var wanted = release.get().containerd();
    return Optional.ofNullable(has.get(RuntimeRelease.CONTAINERD))
        .map(Release::version)
        .or(() -> seen.of(RuntimeLooks.CONTAINERD))
        .filter(version -> lives && minor(version).compareTo(minor(wanted)) > 0)
        .map(version ->
            new Check.Refused(
                "its containerd is %s, which does not go back to %s on a node that lives"
                    .formatted(version, wanted),
                "take %s or later; or take the node out ('provision remove'), and let it come back"
                    .formatted(minor(version))));
  }

  private static Version minor(Version version) {
    return new Version(version.major(), version.minor(), 0, "");
  }

  /**
   * What is done about those that are not as they are declared.
   *
   * @param changes as a plan shows them
   * @param staged brings them to the host, where nothing uses them yet
   * @param installed puts them in their places
   */
  public record Pending(List<Change> changes, List<Script> staged, List<Script> installed) {
    public Pending {
      changes = List.copyOf(changes);
      staged = List.copyOf(staged);
      installed = List.copyOf(installed);
    }
  }

  /**
   * Those that are not as they are declared; empty where all are.
   *
   * @param digests that are pinned
   * @throws IllegalStateException where one is not, which {@link #isMissing} tells before
   */
  public Optional<Pending> pending(
      Observations seen, String arch, Function<ArtifactId, Optional<Sha256>> digests) {
    var has = seen.of(LOOK);
    var changes = new ArrayList<Change>();
    var staged = new ArrayList<Script>();
    var installed = new ArrayList<Script>();
    for (var part : release.map(RuntimeRelease::parts).orElse(List.of())) {
      var digest =
          digests
              .apply(part.artifact(arch))
              .orElseThrow(() -> new IllegalStateException("no digest is pinned for " + arch));
      var wanted = new Release(part.version(), digest);
      if (wanted.equals(has.parts().get(part.name())) && !isChanged(has, part)) {
        continue;
      }
      changes.add(change(part, seen, digest));
      staged.add(staging(part, arch, digest));
      installed.add(installation(part, digest));
    }
    return changes.isEmpty()
        ? Optional.empty()
        : Optional.of(new Pending(changes, staged, installed));
  }

  /** Whether any of them is not published for this architecture. */
  public boolean isMissing(String arch, Function<ArtifactId, Optional<Sha256>> digests) {
    return release.stream()
        .flatMap(it -> it.parts().stream())
        .anyMatch(part -> digests.apply(part.artifact(arch)).isEmpty());
  }

  private static Change change(Part part, Observations seen, Sha256 digest) {
    var has = seen.of(LOOK);
    var ours = Optional.ofNullable(has.parts().get(part.name())).map(Release::version);
    var ofSystem =
        part.name().equals(RuntimeRelease.CONTAINERD)
            ? seen.of(RuntimeLooks.CONTAINERD).map("%s of its system"::formatted)
            : Optional.<String>empty();
    var before = ours.map(Version::toString).or(() -> ofSystem).orElse("");
    return Change.of(
        before.isEmpty() ? Change.Action.INSTALL : Change.Action.UPGRADE,
        part.name(),
        before + (isChanged(has, part) ? ", not as it was installed" : ""),
        "%s (%s)".formatted(part.version(), digest.brief()));
  }

  private static Script staging(Part part, String arch, Sha256 digest) {
    return FileTransfer.push(
            "%s/%s.staged".formatted(RECORDS, part.name()),
            FileMode.PRIVATE,
            new Payload.Artifact(part.artifact(arch).toString(), digest))
        .within(UPLOAD);
  }

  private static Script installation(Part part, Sha256 digest) {
    var words =
        new ArrayList<>(
            List.of(
                RECORDS,
                part.name(),
                part.version().toString(),
                digest.hex(),
                part.form().name().toLowerCase(Locale.ROOT),
                part.place()));
    words.addAll(part.needed());
    return Script.of(RuntimeScripts.INSTALL, words.toArray(String[]::new));
  }

  /** Of a host on which nothing lives that would mind. */
  public Check check(
      Observations seen, String arch, Function<ArtifactId, Optional<Sha256>> digests) {
    return pending(seen, arch, digests)
        .<Check>map(it -> {
          var scripts = new ArrayList<>(it.staged());
          scripts.addAll(it.installed());
          return new Check.Drift(it.changes(), new Repair.OnHost(scripts, true));
        })
        .orElseGet(Check.InSync::new);
  }

  /** What takes away what we brought, whatever the inventory says by now. */
  public static Script removed() {
    return Script.of(
        RuntimeScripts.REMOVE,
        RECORDS,
        ContainerRuntime.SERVICE,
        ContainerRuntime.UNIT_PATH,
        ContainerdConfig.PATH,
        "/usr/local/bin",
        "/usr/local/sbin",
        RuntimeLooks.PLUGINS_FOLDER);
  }
}
