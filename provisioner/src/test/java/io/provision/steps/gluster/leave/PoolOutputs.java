package io.provision.steps.gluster.leave;

import io.provision.model.HostName;
import io.provision.step.Known;
import io.provision.step.Output;
import io.provision.step.TestKnown;
import io.provision.steps.gluster.answers.Pool;
import io.provision.steps.gluster.answers.Reading;
import io.provision.steps.gluster.gate.GlusterHealth;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What hosts tell of a pool, for tests of those who wait for it; all else as others know it. */
public final class PoolOutputs {
  private final TestKnown told = new TestKnown();

  /** This host is in a pool with these; a name with an exclamation mark before it is down. */
  public PoolOutputs pool(String host, String... others) {
    var peers = Stream.concat(Stream.of(self()), Stream.of(others).map(PoolOutputs::peer)).toList();
    return trace(host, "uuid-of-" + host, new Reading.Of<>(new Pool(peers)));
  }

  /** Its daemon says nothing. */
  public PoolOutputs silent(String host, String why) {
    return trace(host, "uuid-of-" + host, new Reading.Unknown<>(why));
  }

  /** It has never had to do with a pool. */
  public PoolOutputs stranger(String host) {
    return trace(host, "", new Reading.Unknown<>("no answer"));
  }

  public PoolOutputs unheard(String host, String why) {
    told.never(new HostName(host), GlusterTrace.TRACE, why);
    return this;
  }

  /** Whom it has in the pool when nobody else is to leave it. */
  public PoolOutputs after(String host, String... names) {
    told.has(new HostName(host), GlusterDepartures.MEMBERS, new NameSet(Set.of(names)));
    return this;
  }

  public PoolOutputs refuses(String host, String why) {
    told.never(new HostName(host), GlusterDepartures.MEMBERS, why);
    return this;
  }

  private PoolOutputs trace(String host, String uuid, Reading<Pool> pool) {
    var seen = new GlusterHealth.Seen(uuid, pool, new Reading.Of<>(List.of()), Optional.empty());
    told.has(new HostName(host), GlusterTrace.TRACE, new GlusterTrace.Trace(seen, Set.of()));
    return this;
  }

  private static Pool.Peer self() {
    return new Pool.Peer("self", List.of("localhost"), true, Optional.empty(), "");
  }

  private static Pool.Peer peer(String word) {
    var name = word.replace("!", "");
    return new Pool.Peer(
        "uuid-of-" + name,
        List.of(name),
        word.equals(name),
        Optional.of(Pool.IN_CLUSTER),
        "Peer in Cluster");
  }

  public Known beside(Known others) {
    return new Known() {
      private Known of(Output<?> output) {
        return Set.of(GlusterTrace.TRACE, GlusterDepartures.MEMBERS).contains(output)
            ? told
            : others;
      }

      @Override
      public <V> Map<HostName, V> all(Output<V> output) {
        return of(output).all(output);
      }

      @Override
      public <V> Optional<V> cluster(Output<V> output) {
        return of(output).cluster(output);
      }

      @Override
      public <V> Optional<V> local(Output<V> output) {
        return of(output).local(output);
      }

      @Override
      public Map<HostName, String> never(Output<?> output) {
        return of(output).never(output);
      }
    };
  }
}
