package io.provision.step;

import io.provision.model.HostName;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** The outputs that a step asked for by {@link Step#needs}, settled. */
public interface Known {
  Known NOTHING =
      new Known() {
        @Override
        public <V> Map<HostName, V> all(Output<V> output) {
          return Map.of();
        }

        @Override
        public <V> Optional<V> cluster(Output<V> output) {
          return Optional.empty();
        }

        @Override
        public <V> Optional<V> local(Output<V> output) {
          return Optional.empty();
        }

        @Override
        public Map<HostName, String> never(Output<?> output) {
          return Map.of();
        }
      };

  /** The values there are, by the host that has them, in the order of names. */
  <V> Map<HostName, V> all(Output<V> output);

  /** The value that the cluster has. */
  <V> Optional<V> cluster(Output<V> output);

  /** The value that the operator's machine has. */
  <V> Optional<V> local(Output<V> output);

  /** The hosts that can never have it, and why. */
  Map<HostName, String> never(Output<?> output);

  /**
   * When they were settled: the time by which a check goes that is about the time, and reads no
   * clock.
   */
  default Instant asOf() {
    throw new IllegalStateException("nobody says when this was known");
  }

  /** What the run was asked to remove. */
  default Removals removals() {
    return Removals.NONE;
  }

  /** The same outputs, in a run that was asked to remove this. */
  default Known asked(Removals removals) {
    var outputs = this;
    return new Known() {
      @Override
      public <V> Map<HostName, V> all(Output<V> output) {
        return outputs.all(output);
      }

      @Override
      public <V> Optional<V> cluster(Output<V> output) {
        return outputs.cluster(output);
      }

      @Override
      public <V> Optional<V> local(Output<V> output) {
        return outputs.local(output);
      }

      @Override
      public Map<HostName, String> never(Output<?> output) {
        return outputs.never(output);
      }

      @Override
      public Instant asOf() {
        return outputs.asOf();
      }

      @Override
      public Removals removals() {
        return removals;
      }
    };
  }
}
