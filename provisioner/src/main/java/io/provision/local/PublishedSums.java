package io.provision.local;

import io.provision.desk.DeskChange.ArtifactId;
import io.provision.desk.DeskException;
import io.provision.desk.DeskQuestion.Listed;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What lists of sums say on the network, for a plan: it writes nothing, asks for each list once in
 * the life of the program, and spends no more than a few seconds on all that is asked together.
 */
final class PublishedSums {
  private final Origins origins;
  private final Download download;
  private final Duration patience;
  private final Function<ArtifactId, DeskException> nowhere;
  private final Map<URI, Answer> answers = new HashMap<>();

  /** A list; none where there is no such file; or why it could not be read. */
  private record Answer(Optional<SumList> list, Optional<DeskException> failure) {}

  /**
   * @param patience for all lists of one question together
   * @param nowhere what is said of one that could never be pinned
   */
  PublishedSums(
      Origins origins,
      Download download,
      Duration patience,
      Function<ArtifactId, DeskException> nowhere) {
    this.origins = origins;
    this.download = download;
    this.patience = patience;
    this.nowhere = nowhere;
  }

  Map<ArtifactId, Listed> of(Collection<ArtifactId> asked) {
    var end = System.nanoTime() + patience.toNanos();
    var listed = new HashMap<ArtifactId, Listed>();
    asked.stream()
        .sorted(Comparator.comparing(ArtifactId::toString))
        .forEach(id -> listed.put(id, listed(id, end)));
    return Map.copyOf(listed);
  }

  private Listed listed(ArtifactId id, long end) {
    var known = Publisher.sum(id);
    if (known.isPresent()) {
      return new Listed.Sum(known.get());
    }
    try {
      for (var origin : origins.of(id)) {
        var list = origin.sums().isEmpty() ? none() : list(origin.sums().get(), end);
        if (list.isPresent()) {
          return new Listed.Sum(list.get().digest(id));
        }
      }
      if (Publisher.isWithoutSum(id)) {
        var why = nowhere.apply(id);
        return new Listed.Unlisted(why.what(), why.remedy());
      }
      return new Listed.Unread("no list of sums of %s is published".formatted(id));
    } catch (DeskException e) {
      return new Listed.Unread(e.what());
    }
  }

  private static Optional<SumList> none() {
    return Optional.empty();
  }

  private synchronized Optional<SumList> list(URI from, long end) throws DeskException {
    var answer = answers.computeIfAbsent(from, _ -> ask(from, end));
    if (answer.failure().isPresent()) {
      throw answer.failure().get();
    }
    return answer.list();
  }

  private Answer ask(URI from, long end) {
    try {
      var left = Duration.ofNanos(Math.max(1, end - System.nanoTime()));
      var text = download.text(from, SumList.MOST, left);
      return new Answer(
          text.map(it -> new SumList(it.lines().toList(), from.toString())), Optional.empty());
    } catch (DeskException e) {
      return new Answer(Optional.empty(), Optional.of(e));
    }
  }
}
