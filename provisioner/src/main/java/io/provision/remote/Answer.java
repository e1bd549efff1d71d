package io.provision.remote;

import java.util.List;
import java.util.Optional;

/**
 * What came back for a list of calls.
 *
 * @param frames one a call, in order; fewer where a call failed and the rest was left out
 * @param stderr the last part of what was printed there, at most 16 KiB
 * @param ran the command that failed or, where the deadline ended it, was running; empty where no
 *     script said
 * @param timedOut whether the deadline ended it
 */
public record Answer(List<Frame> frames, String stderr, Optional<Ran> ran, boolean timedOut) {
  public Answer {
    frames = List.copyOf(frames);
  }
}
