package io.provision.resource.packages;

import io.provision.remote.Frame;
import io.provision.remote.Payload;
import io.provision.remote.Script;
import io.provision.render.Template;
import io.provision.resource.Files;
import io.provision.resource.ManagedFile;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Checks;
import io.provision.step.Kind;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Repair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Debian's way with a publisher's repository: its key in a keyring of its own, a file of sources
 * that is bound to that (sources.list(5), "Signed-By"), and packages on hold.
 */
record AptPublishing(PackageManager apt) implements Publishing {
  private static final Template SOURCES = Template.of("os/publisher.sources.ftl");
  private static final Duration FETCH = Duration.ofMinutes(20);
  private static final Duration INSTALL = Duration.ofMinutes(30);

  /**
   * What of a repository lies on the host.
   *
   * @param keys fingerprints of all keys that it is trusted by
   * @param brought {@code NAME VERSION} of what is held by us
   */
  record Seen(List<String> keys, Set<String> brought) {
    Seen {
      keys = List.copyOf(keys);
      brought = Set.copyOf(brought);
    }
  }

  private static final Kind<Seen> KIND = Kind.single(PublishedScripts.LOOK, AptPublishing::read);

  /** What the template sees. */
  private record Model(String uri, String keyring) {}

  static Seen read(Frame frame) {
    var keys = new ArrayList<String>();
    var brought = new HashSet<String>();
    for (var line : frame.output().split("\n")) {
      var words = line.split(" ", -1);
      if (words.length == 2 && words[0].equals("key")) {
        keys.add(words[1]);
      } else if (words.length == 3 && words[0].equals("held")) {
        brought.add(words[1] + " " + words[2]);
      }
    }
    return new Seen(keys, brought);
  }

  private static String keyring(String repository) {
    return "/etc/apt/keyrings/provision-%s.gpg".formatted(repository);
  }

  private static String list(String repository) {
    return "/etc/apt/sources.list.d/provision-%s.sources".formatted(repository);
  }

  private static ManagedFile sources(PackageRepository repository) {
    return ManagedFile.of(
        list(repository.name()),
        SOURCES.render(new Model(repository.uri(), keyring(repository.name()))));
  }

  private static Question<Seen> question(PackageRepository repository) {
    return Question.of(KIND, keyring(repository.name()), repository.record());
  }

  private Question<PackageState> question(Wanted wanted) {
    return apt.question(new Wanted(wanted.name(), Optional.empty()));
  }

  @Override
  public Probes probes(PackageRepository repository, List<Wanted> wanted) {
    var states = wanted.stream().<Question<?>>map(this::question).toList();
    return Probes.of(question(repository))
        .and(Probes.ofAll(states))
        .and(sources(repository).probes())
        .and(Probes.of(Files.at(sources(repository).path())))
        .and(apt.probes());
  }

  @Override
  public Check check(PackageRepository repository, List<Wanted> wanted, Observations seen) {
    var there = seen.of(question(repository));
    var strangers = heldByOthers(wanted, seen, there);
    if (!strangers.isEmpty()) {
      return new Check.Refused(
          "packages are on hold, and not by us: " + String.join(", ", strangers), apt.release());
    }
    var changes = new ArrayList<Change>();
    var hasKey = there.keys().equals(List.of(repository.fingerprint()));
    if (!hasKey) {
      var is = String.join(", ", there.keys());
      changes.add(
          Change.of(
              is.isEmpty() ? Change.Action.CREATE : Change.Action.UPDATE,
              keyring(repository.name()),
              is,
              repository.fingerprint()));
    }
    var missing = new ArrayList<Wanted>();
    var loose = new ArrayList<String>();
    for (var one : wanted) {
      var state = seen.of(question(one));
      if (!isThere(one, state)) {
        missing.add(one);
        changes.add(brought(one, state));
      } else if (!state.held()) {
        loose.add(one.name());
        changes.add(
            Change.of(Change.Action.UPDATE, "package " + one.name(), "not on hold", "on hold"));
      }
    }
    if (!missing.isEmpty()) {
      for (var one : companions(wanted, seen, there)) {
        missing.add(one);
        changes.add(
            Change.of(
                Change.Action.UPGRADE,
                "package " + one.name(),
                seen.of(question(one)).version(),
                "the newest there, on hold"));
      }
      apt.interruption(seen)
          .ifPresent(it ->
              changes.addFirst(
                  Change.of(Change.Action.UPDATE, it.subject(), it.state(), it.becomes())));
    }
    var sources = sources(repository);
    var scripts = new ArrayList<Script>();
    if (!hasKey || !missing.isEmpty() || !isListed(sources, seen)) {
      scripts.addAll(used(repository));
    }
    if (!missing.isEmpty()) {
      scripts.add(installed(repository, missing));
    }
    if (!loose.isEmpty()) {
      scripts.add(held(repository, loose));
    }
    var repair = new Repair.OnHost(scripts, true);
    var isThere =
        changes.isEmpty() ? new Check.InSync() : new Check.Drift(List.copyOf(changes), repair);
    return Checks.repairedBy(
        Checks.together(sources.check(seen), isThere),
        written -> scripts.isEmpty() ? written : repair);
  }

  private static boolean isListed(ManagedFile sources, Observations seen) {
    return seen.of(Files.at(sources.path())).holds(sources.sha256());
  }

  private static boolean isThere(Wanted wanted, PackageState state) {
    return state.isInstalled()
        && wanted.version().map(it -> state.version().startsWith(it + "-")).orElse(true);
  }

  /** Those of any version, which come along with what needs them; not where somebody holds them. */
  private List<Wanted> companions(List<Wanted> wanted, Observations seen, Seen there) {
    return wanted.stream()
        .filter(one -> one.version().isEmpty())
        .filter(one -> {
          var state = seen.of(question(one));
          var isOurs = there.brought().contains(one.name() + " " + state.version());
          return state.isInstalled() && (isOurs || !state.held());
        })
        .toList();
  }

  /** Those that somebody else keeps at a version that is not the wanted one. */
  private List<String> heldByOthers(List<Wanted> wanted, Observations seen, Seen there) {
    return wanted.stream()
        .filter(one -> {
          var state = seen.of(question(one));
          return state.held()
              && !isThere(one, state)
              && !there.brought().contains(one.name() + " " + state.version())
              && !state.broken();
        })
        .map(one -> {
          var version = seen.of(question(one)).version();
          return one.name() + (version.isEmpty() ? "" : " " + version);
        })
        .toList();
  }

  private static Change brought(Wanted one, PackageState state) {
    return Change.of(
        state.isInstalled() ? Change.Action.UPGRADE : Change.Action.INSTALL,
        "package " + one.name(),
        state.broken() ? "half installed" : state.version(),
        one.version().orElse("installed") + ", on hold");
  }

  /** The key as it is pinned, and lists of the repository that are new and signed by it. */
  private static List<Script> used(PackageRepository repository) {
    var key =
        Script.of(
                PublishedScripts.KEY,
                repository.uri(),
                repository.fingerprint(),
                keyring(repository.name()))
            .within(FETCH);
    var sources = sources(repository);
    return List.of(
        repository.key().map(it -> key.with(new Payload.Bytes(it))).orElse(key),
        Script.of(
                PublishedScripts.USE,
                sources.path(),
                repository.uri(),
                repository.fingerprint(),
                text(sources))
            .within(FETCH));
  }

  private static String text(ManagedFile file) {
    return new String(file.content().bytes(), java.nio.charset.StandardCharsets.UTF_8);
  }

  @Override
  public List<Script> staged(PackageRepository repository, List<Wanted> wanted) {
    return Stream.concat(
            used(repository).stream(),
            Stream.of(
                Script.of(PublishedScripts.STAGE, words(wanted, repository.uri())).within(FETCH)))
        .toList();
  }

  @Override
  public Script installed(PackageRepository repository, List<Wanted> wanted) {
    return Script.of(PublishedScripts.ADD, words(wanted, repository.record(), repository.uri()))
        .within(INSTALL);
  }

  private static Script held(PackageRepository repository, List<String> names) {
    return Script.of(
        PublishedScripts.HOLD,
        Stream.concat(Stream.of(repository.record()), names.stream()).toArray(String[]::new));
  }

  @Override
  public Script removed(String repository) {
    return Script.of(
            PublishedScripts.REMOVE,
            PackageRepository.record(repository),
            list(repository),
            keyring(repository))
        .within(INSTALL);
  }

  private static String[] words(List<Wanted> wanted, String... first) {
    return Stream.concat(Stream.of(first), wanted.stream().map(Wanted::toString))
        .toArray(String[]::new);
  }
}
