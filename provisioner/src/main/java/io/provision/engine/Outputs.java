package io.provision.engine;

import io.provision.engine.event.TargetName;
import io.provision.model.HostName;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Output;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;

/**
 * Who waits for whom. Every output that a playbook promises is settled exactly once in a pass, also
 * when its provider fails, so that nobody waits for ever.
 */
final class Outputs {
  /** What those are told who wait for a target whose thread has died. */
  static final String BUG = "a bug in provision ended it";

  /** What has become of an output. */
  sealed interface Settled {
    /** A look saw it. */
    record Value(Object value) implements Settled {}

    /** In a plan: it will be there after something was changed. */
    record Later(String reason) implements Settled {}

    /** It cannot come in this run, and why. */
    record Never(String reason) implements Settled {}
  }

  private record Key(TargetName provider, Output<?> output) {}

  private final Map<Key, CompletableFuture<Settled>> futures = new ConcurrentHashMap<>();

  /** Announces that a target will settle an output. Whatever is not promised is never there. */
  void promise(TargetName provider, Output<?> output) {
    var _ = futures.computeIfAbsent(new Key(provider, output), _ -> new CompletableFuture<>());
  }

  /** The first to settle an output decides. */
  void settle(TargetName provider, Output<?> output, Settled settled) {
    var future = futures.get(new Key(provider, output));
    if (future == null) {
      throw new IllegalStateException(provider + " has not promised " + output);
    }
    var _ = future.complete(settled);
  }

  /**
   * Settles what was promised as other passes do, as soon as those know.
   *
   * @param others by provider; empty for those who settle their outputs here
   */
  void follow(Function<TargetName, Optional<Outputs>> others) {
    futures.forEach((key, own) -> {
      var theirs = others.apply(key.provider()).map(other -> other.futures.get(key));
      theirs.ifPresent(future -> {
        var _ = future.thenAccept(own::complete);
      });
    });
  }

  /** Settles whatever a target still owes: whoever works for it has come to an end. */
  void giveUp(TargetName provider, String reason) {
    futures.forEach((key, future) -> {
      if (key.provider().equals(provider)) {
        var _ = future.complete(new Settled.Never(reason));
      }
    });
  }

  boolean promised(TargetName provider, Output<?> output) {
    return futures.containsKey(new Key(provider, output));
  }

  /** What an output came to, or empty while nobody knows. */
  Optional<Settled> peek(TargetName provider, Output<?> output) {
    var future = futures.get(new Key(provider, output));
    return future == null || !future.isDone() ? Optional.empty() : Optional.of(future.resultNow());
  }

  /** Waits until a need is met, or cannot be. */
  Resolution await(List<Need> needs) throws InterruptedException {
    var values = new ConcurrentHashMap<Key, Object>();
    var nevers = new ConcurrentHashMap<Key, String>();
    for (var need : needs) {
      var missing = await(need, values, nevers);
      if (missing.isPresent()) {
        return missing.get();
      }
    }
    return new Resolution.Ready(new KnownOutputs(values, nevers, Instant.now()));
  }

  /** As {@link #await(List)}, telling who waits for whom; ends when an end is asked for. */
  Resolution await(List<Need> needs, Waits waits, Task task) throws InterruptedException {
    var open = open(needs);
    if (open.isEmpty()) {
      return await(needs);
    }
    var subject =
        new Waits.Subject(task.target(), Optional.of(task.ref()), open.get(), Optional.empty());
    return waits.during(subject, () -> await(needs));
  }

  /** What these needs came to, where nothing has to be waited for and none is in vain. */
  Optional<Known> now(List<Need> needs) throws InterruptedException {
    return open(needs).isEmpty() && await(needs) instanceof Resolution.Ready(var known)
        ? Optional.of(known)
        : Optional.empty();
  }

  /** What is not settled yet, for people; empty where nothing has to be waited for. */
  private Optional<String> open(List<Need> needs) {
    return needs.stream()
        .map(need -> open(need))
        .filter(text -> !text.isEmpty())
        .distinct() // one output, asked for in two quantities
        .reduce((one, other) -> one + ", " + other);
  }

  private String open(Need need) {
    var open =
        TargetName.of(need.of()).stream()
            .filter(provider ->
                promised(provider, need.output()) && peek(provider, need.output()).isEmpty())
            .map(TargetName::toString)
            .toList();
    return open.isEmpty() ? "" : "'%s' of %s".formatted(need.output(), String.join(", ", open));
  }

  private Optional<Resolution> await(Need need, Map<Key, Object> values, Map<Key, String> nevers)
      throws InterruptedException {
    var any = isAny(need);
    var later = new ArrayList<String>();
    var never = new ArrayList<String>();
    var found = false;
    if (any) {
      awaitFirst(need);
    }
    for (var provider : TargetName.of(need.of())) {
      var key = new Key(provider, need.output());
      var settled = any ? peek(provider, need.output()).orElse(null) : join(key);
      switch (settled) {
        case Settled.Value(var value) -> {
          values.put(key, value);
          found = true;
        }
        case Settled.Later(var reason) -> later.add(reason);
        case Settled.Never(var reason) -> {
          nevers.put(key, reason);
          never.add("%s of %s: %s".formatted(need.output(), provider, reason));
        }
        case null -> {
          // another provider was first
        }
      }
    }
    if (any && found) {
      return Optional.empty();
    }
    if (need.quantity() == Need.Quantity.ALL && !never.isEmpty()) {
      return Optional.of(new Resolution.Impossible(never.getFirst()));
    }
    if (!later.isEmpty() && isSoFar(need)) {
      return Optional.empty();
    }
    if (!later.isEmpty()) {
      return Optional.of(new Resolution.NotYet(later.getFirst()));
    }
    return any
        ? Optional.of(
            new Resolution.Impossible(
                never.isEmpty() ? "nobody provides " + need.output() : never.getFirst()))
        : Optional.empty();
  }

  /** Whether one is enough. */
  static boolean isAny(Need need) {
    return switch (need.quantity()) {
      case ANY, ANY_SO_FAR -> true;
      case ALL, SOME, SOME_SO_FAR -> false;
    };
  }

  private static boolean isSoFar(Need need) {
    return switch (need.quantity()) {
      case SOME_SO_FAR, ANY_SO_FAR -> true;
      case ALL, SOME, ANY -> false;
    };
  }

  private Settled join(Key key) throws InterruptedException {
    var future = futures.get(key);
    if (future == null) {
      return new Settled.Never("no step of it provides this");
    }
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Waits until one provider has a value or all are settled. */
  private void awaitFirst(Need need) throws InterruptedException {
    var first = new CompletableFuture<Settled>();
    var all =
        TargetName.of(need.of()).stream()
            .map(provider -> futures.get(new Key(provider, need.output())))
            .filter(future -> future != null)
            .toList();
    for (var future : all) {
      var _ =
          future.thenAccept(settled -> {
            if (settled instanceof Settled.Value) {
              var _ = first.complete(settled);
            }
          });
    }
    var _ =
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
            .thenRun(() -> first.complete(new Settled.Never("")));
    try {
      var _ = first.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What waiting came to. */
  sealed interface Resolution {
    record Ready(Known known) implements Resolution {}

    record NotYet(String reason) implements Resolution {}

    record Impossible(String reason) implements Resolution {}
  }

  private record KnownOutputs(Map<Key, Object> values, Map<Key, String> nevers, Instant asOf)
      implements Known {
    @Override
    public <V> Map<HostName, V> all(Output<V> output) {
      var all = new TreeMap<HostName, V>();
      values.forEach((key, value) -> {
        if (key.output().equals(output) && key.provider().host().isPresent()) {
          all.put(key.provider().host().get(), output.type().cast(value));
        }
      });
      return all;
    }

    @Override
    public <V> Optional<V> cluster(Output<V> output) {
      return of(TargetName.CLUSTER, output);
    }

    @Override
    public <V> Optional<V> local(Output<V> output) {
      return of(TargetName.DESK, output);
    }

    private <V> Optional<V> of(TargetName provider, Output<V> output) {
      return Optional.ofNullable(values.get(new Key(provider, output))).map(output.type()::cast);
    }

    @Override
    public Map<HostName, String> never(Output<?> output) {
      var all = new TreeMap<HostName, String>();
      nevers.forEach((key, reason) -> {
        if (key.output().equals(output)) {
          key.provider().host().ifPresent(host -> all.put(host, reason));
        }
      });
      return all;
    }
  }
}
