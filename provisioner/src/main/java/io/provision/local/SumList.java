package io.provision.local;

import io.provision.desk.DeskChange.ArtifactId;
import io.provision.desk.DeskException;
import io.provision.model.Sha256;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A list of sums as {@code sha256sum} writes it, or the digest alone of the one file that it lies
 * beside.
 *
 * @param where it comes from, for people
 */
record SumList(List<String> lines, String where) {
  /** More than any publisher's list has, in bytes. */
  static final int MOST = 16 << 20;

  private static final Pattern ALONE = Pattern.compile("[0-9a-f]{64}");

  private static final Pattern SUM = Pattern.compile("([0-9a-f]{64}) [ *](?:\\./)?(\\S+)");

  /** The digest of a file, by our name for it or its publisher's. */
  Sha256 digest(ArtifactId id) throws DeskException {
    return find(id).orElseThrow(() -> absent(id));
  }

  private Optional<Sha256> find(ArtifactId id) {
    var names = new HashSet<>(Set.of(id.file()));
    Publisher.publishedName(id).ifPresent(names::add);
    if (lines.size() == 1 && ALONE.matcher(lines.getFirst().strip()).matches()) {
      return Optional.of(new Sha256(lines.getFirst().strip()));
    }
    return lines.stream()
        .map(line -> SUM.matcher(line.strip()))
        .filter(matcher -> matcher.matches() && names.contains(matcher.group(2)))
        .map(matcher -> new Sha256(matcher.group(1)))
        .findFirst();
  }

  private static boolean isMarkup(String line) {
    return line.stripLeading().startsWith("<");
  }

  private DeskException absent(ArtifactId id) {
    var page = lines.stream().filter(it -> !it.isBlank()).findFirst().filter(SumList::isMarkup);
    return new DeskException(
        "%s has no digest of '%s'%s"
            .formatted(where, id.file(), page.isPresent() ? ": it is a web page" : ""),
        "Put the publisher's list of sums there (%s), or make one: sha256sum %s > %s"
            .formatted(
                Publisher.publishedName(
                        new ArtifactId(id.program(), id.version(), id.arch(), Publisher.SUMS))
                    .orElse(Publisher.SUMS),
                id.file(),
                Publisher.SUMS),
        null);
  }
}
