package io.provision.local;

import io.provision.desk.DeskChange.ArtifactId;
import io.provision.desk.DeskException;
import io.provision.desk.DeskQuestion.Lies;
import io.provision.desk.DeskQuestion.Listed;
import io.provision.files.AtomicFile;
import io.provision.files.BoundedRead;
import io.provision.files.Custody;
import io.provision.model.Sha256;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Published files: looked for in the operator's directory, then in what was downloaded before, on
 * the mirror, and last where the publisher has them.
 */
final class Artifacts {
  private static final Pattern ID =
      Pattern.compile("([a-z0-9-]+)/([A-Za-z0-9.+_-]+)/([a-z0-9]+)/([A-Za-z0-9._-]+)");

  /** What a plan waits for lists of sums. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** More than any manifest has, in bytes. */
  private static final int MOST_TEXT = 8 << 20;

  private final Optional<Path> directory;
  private final Origins origins;
  private final PublishedSums published;
  private final Path cache;
  private final Download download;
  private final Map<String, String> environment;
  private final Consumer<String> progress;

  Artifacts(DeskSettings settings, Download download) {
    this.directory = settings.artifacts();
    this.origins = new Origins(settings.mirror());
    this.published = new PublishedSums(origins, download, PATIENCE, this::nowhere);
    this.cache = settings.cache();
    this.environment = settings.environment();
    this.download = download;
    this.progress = settings.progress();
  }

  /** Which of them the operator offers. */
  Set<ArtifactId> offered(Set<ArtifactId> asked) throws DeskException {
    var offered = new HashSet<ArtifactId>();
    for (var id : asked) {
      if (inDirectory(id).isPresent() || isOnMirror(id)) {
        offered.add(id);
      }
    }
    return Set.copyOf(offered);
  }

  private boolean isOnMirror(ArtifactId id) throws DeskException {
    var address = origins.onMirror(id);
    return address.isPresent() && download.offers(address.get());
  }

  /** What lists of sums on the network say of those that a first download would pin. */
  Map<ArtifactId, Listed> published(Set<ArtifactId> asked, Map<String, Sha256> pins)
      throws DeskException {
    var begun = pins.keySet().stream().map(Artifacts::version).collect(Collectors.toSet());
    var unpinned = new ArrayList<ArtifactId>();
    for (var id : asked) {
      if (!pins.containsKey(id.toString())
          && inDirectory(id).isEmpty()
          && (!begun.contains(version(id.toString())) || isOnMirror(id))) {
        unpinned.add(id);
      }
    }
    return published.of(unpinned);
  }

  /** Program and version, from the name of an artifact. */
  private static String version(String id) {
    return id.substring(0, id.indexOf('/', id.indexOf('/') + 1) + 1);
  }

  /** How those are that lie in the operator's directory; it writes nothing. */
  Map<ArtifactId, Lies> lying(Set<ArtifactId> asked, Path lockFile, Map<String, Sha256> pins)
      throws DeskException {
    var lying = new HashMap<ArtifactId, Lies>();
    for (var id : asked) {
      var given = inDirectory(id);
      if (given.isPresent()) {
        lying.put(id, lies(id, given.get(), lockFile, pins.get(id.toString())));
      }
    }
    return Map.copyOf(lying);
  }

  private static Lies lies(
      ArtifactId id, Path file, Path lockFile, @org.jspecify.annotations.Nullable Sha256 pin) {
    try {
      var sums = file.resolveSibling(Publisher.SUMS);
      var listed = sum(id, sums, sums.toString());
      if (pin != null) {
        require(id, pin, listed, lockFile);
        if (!hasChangedSince(file, lockFile)) {
          return new Lies.Right(pin);
        }
      }
      require(id, listed, digest(file), pin == null ? sums : lockFile);
      Elf.require(id, file);
      ImageArchive.require(id, file);
      return new Lies.Right(listed);
    } catch (DeskException e) {
      return new Lies.Wrong(e.what(), e.remedy());
    } catch (IOException e) {
      var fault = DeskFault.reading(file, e);
      return new Lies.Wrong(fault.what(), fault.remedy());
    }
  }

  /** By the time of the last change of the inode, which no copy can set back. */
  private static boolean hasChangedSince(Path file, Path lockFile) throws IOException {
    var changed = (FileTime) Files.getAttribute(file, "unix:ctime");
    return changed.compareTo(Files.getLastModifiedTime(lockFile)) > 0;
  }

  /** Fetches them, compares them with their publisher's sums, and pins them. */
  void pin(Path lockFile, List<ArtifactId> ids) throws DeskException {
    var pins = new TreeMap<String, Sha256>();
    for (var id : ids) {
      pins.put(id.toString(), digestByItsPublisher(id));
    }
    PinFile.add(lockFile, pins, Custody.ofThisProcess(environment));
  }

  /**
   * The text of one that is at hand and as it should be; empty where it would have to be fetched.
   *
   * @throws DeskException where it is larger than any manifest, or cannot be read
   */
  Optional<String> text(ArtifactId id, Path lockFile, Map<String, Sha256> pins)
      throws DeskException {
    var given = inDirectory(id);
    var file = given.orElseGet(() -> cached(id));
    var wanted = wanted(id, given, lockFile, pins);
    if (wanted.isEmpty() || !Files.exists(file)) {
      return Optional.empty();
    }
    try {
      var bytes = BoundedRead.bytes(file, MOST_TEXT);
      return Sha256.of(bytes).equals(wanted.get())
          ? Optional.of(new String(bytes, StandardCharsets.UTF_8))
          : Optional.empty();
    } catch (IOException e) {
      throw DeskFault.reading(file, e);
    }
  }

  private static Optional<Sha256> wanted(
      ArtifactId id, Optional<Path> given, Path lockFile, Map<String, Sha256> pins) {
    var pin = pins.get(id.toString());
    return given
        .map(file ->
            lies(id, file, lockFile, pin) instanceof Lies.Right(var digest)
                ? Optional.of(digest)
                : Optional.<Sha256>empty())
        .orElse(Optional.ofNullable(pin));
  }

  /** Where the file with this digest lies, fetched if need be. */
  Path find(String name, Sha256 wanted) throws DeskException {
    var id = parse(name);
    var given = inDirectory(id);
    if (given.isPresent()) {
      require(id, wanted, digest(given.get()), given.get());
      Elf.require(id, given.get());
      ImageArchive.require(id, given.get());
      return given.get();
    }
    var kept = cached(id);
    if (Files.exists(kept) && digest(kept).equals(wanted)) {
      return kept;
    }
    for (var origin : origins.of(id)) {
      if (fetch(id, origin, wanted).isPresent()) {
        return kept;
      }
    }
    throw nowhere(id);
  }

  private Sha256 digestByItsPublisher(ArtifactId id) throws DeskException {
    var given = inDirectory(id);
    if (given.isPresent()) {
      var sums = given.get().resolveSibling(Publisher.SUMS);
      var wanted = sum(id, sums, sums.toString());
      require(id, wanted, digest(given.get()), sums);
      Elf.require(id, given.get());
      ImageArchive.require(id, given.get());
      return wanted;
    }
    for (var origin : origins.of(id)) {
      var wanted = publishedSum(id, origin);
      if (wanted.isPresent() && isCached(id, wanted.get())) {
        return wanted.get();
      }
      if (wanted.isPresent() && fetch(id, origin, wanted.get()).isPresent()) {
        return wanted.get();
      }
    }
    throw nowhere(id);
  }

  private boolean isCached(ArtifactId id, Sha256 wanted) throws DeskException {
    return Files.exists(cached(id)) && digest(cached(id)).equals(wanted);
  }

  private Optional<Sha256> publishedSum(ArtifactId id, Origins.Origin origin) throws DeskException {
    var known = Publisher.sum(id);
    if (known.isPresent() || origin.sums().isEmpty()) {
      return known;
    }
    var from = origin.sums().get();
    var list = part(id);
    try {
      return get(id, from, list).isEmpty()
          ? Optional.empty()
          : Optional.of(sum(id, list, from.toString()));
    } finally {
      remove(list);
    }
  }

  /** Downloads into the cache; empty where this origin has no such file. */
  private Optional<Path> fetch(ArtifactId id, Origins.Origin origin, Sha256 wanted)
      throws DeskException {
    progress.accept("downloading " + id);
    var part = part(id);
    try {
      var found = get(id, origin.file(), part);
      if (found.isEmpty()) {
        return Optional.empty();
      }
      if (!found.get().equals(wanted)) {
        throw other(id, origin.file(), wanted, found.get(), part);
      }
      Elf.require(id, part);
      ImageArchive.require(id, part);
      AtomicFile.move(part, cached(id));
      return Optional.of(cached(id));
    } catch (IOException e) {
      throw DeskFault.writing(cached(id), e);
    } finally {
      remove(part);
    }
  }

  /** What came is not what was listed or pinned; a page that a network sent shows by its start. */
  private DeskException other(ArtifactId id, URI from, Sha256 wanted, Sha256 found, Path part)
      throws DeskException {
    var start = Start.of(part);
    return new DeskException(
        "%s came with the digest %s from %s, and should have %s: it is %s"
            .formatted(id, found, from, wanted, start),
        start.isPage()
            ? "It was not used. Something on the way answers for that server: log in to this network"
                + " in a browser, or set https_proxy. "
                + bring(id)
            : "It was not used. Find out who changed it, there or on its way; only if the new one is"
                + " right, remove its line from provision.lock.",
        null);
  }

  private static void require(ArtifactId id, Sha256 wanted, Sha256 found, Path where)
      throws DeskException {
    if (!wanted.equals(found)) {
      throw PinFile.differs(id.toString(), wanted, found, where);
    }
  }

  private static Sha256 sum(ArtifactId id, Path list, String where) throws DeskException {
    try {
      return new SumList(lines(list), where).digest(id);
    } catch (IOException e) {
      throw DeskFault.reading(list, e);
    }
  }

  private static List<String> lines(Path list) throws IOException {
    return Files.exists(list)
        ? BoundedRead.lines(list, SumList.MOST, StandardCharsets.UTF_8)
        : List.of();
  }

  private Optional<Path> inDirectory(ArtifactId id) {
    return directory
        .map(base -> base.resolve(id.program()).resolve(id.version()).resolve(id.arch()))
        .map(folder -> folder.resolve(id.file()))
        .filter(Files::isRegularFile);
  }

  private Path cached(ArtifactId id) {
    return cache.resolve(id.program()).resolve(id.version()).resolve(id.arch()).resolve(id.file());
  }

  private Path part(ArtifactId id) throws DeskException {
    var folder = AtomicFile.parent(cached(id));
    try {
      AtomicFile.createPrivateDirectories(folder);
      return Files.createTempFile(folder, id.file() + ".", ".part");
    } catch (IOException e) {
      throw DeskFault.writing(folder.resolve(id.file()), e);
    }
  }

  private static void remove(Path part) throws DeskException {
    try {
      Files.deleteIfExists(part);
    } catch (IOException e) {
      throw DeskFault.writing(part, e);
    }
  }

  private static Sha256 digest(Path file) throws DeskException {
    var digest = Sha256.algorithm();
    try (var stream = Files.newInputStream(file)) {
      var buffer = new byte[1 << 16];
      for (int count; (count = stream.read(buffer)) >= 0; ) {
        digest.update(buffer, 0, count);
      }
    } catch (IOException e) {
      throw DeskFault.reading(file, e);
    }
    return new Sha256(java.util.HexFormat.of().formatHex(digest.digest()));
  }

  private static ArtifactId parse(String name) {
    var matcher = ID.matcher(name);
    if (!matcher.matches()) {
      throw new IllegalStateException("'%s' names no artifact".formatted(name));
    }
    return new ArtifactId(matcher.group(1), matcher.group(2), matcher.group(3), matcher.group(4));
  }

  private DeskException nowhere(ArtifactId id) {
    if (Publisher.isWithoutSum(id)) {
      return new DeskException(
          "the publisher of %s has no list of sums, and no digest of this version is known here"
              .formatted(id),
          "Take a version whose digest is known, or bring the file. " + bring(id),
          null);
    }
    return new DeskException(
        "%s is neither in the artifact directory nor where it is published".formatted(id),
        "Check the version. " + bring(id),
        null);
  }

  private String bring(ArtifactId id) {
    return "Without the internet: put '%s' and '%s' into %s/%s/%s/%s%s."
        .formatted(
            id.file(),
            Publisher.SUMS,
            directory.map(Path::toString).orElse("DIR"),
            id.program(),
            id.version(),
            id.arch(),
            directory.isPresent() ? "" : " and name it by 'artifacts: DIR'");
  }

  /** Downloads; where there is no way out, says which files to bring, and where to. */
  private Optional<Sha256> get(ArtifactId id, URI from, Path file) throws DeskException {
    try {
      return download.to(from, file);
    } catch (DeskException e) {
      throw new DeskException(e.what(), e.remedy() + " " + bring(id), e);
    }
  }
}
