package io.provision.remote;

import java.time.Duration;
import java.util.List;

/**
 * One thing to do on a host.
 *
 * <p>The function finds the sizes of its payloads, in bytes, in the variables {@code payload_1},
 * {@code payload_2} and so on, and takes each from its stdin in that order, for example by {@code
 * head -c "$payload_1"}. {@code say TEXT} shows progress to the operator.
 *
 * @param deadline after which it is ended on the host
 * @param standsAlone whether it does what it should whatever else was changed since the host was
 *     looked at, but for what it is about itself: it says what should be, and nothing of what it
 *     says was read from the host
 */
public record Script(Call call, List<Payload> payloads, Duration deadline, boolean standsAlone) {
  public static final Duration USUAL_DEADLINE = Duration.ofMinutes(10);

  public Script {
    payloads = List.copyOf(payloads);
  }

  public Script(Call call, List<Payload> payloads, Duration deadline) {
    this(call, payloads, deadline, false);
  }

  public static Script of(ShellFunction function, String... arguments) {
    return new Script(Call.of(function, arguments), List.of(), USUAL_DEADLINE);
  }

  public Script with(Payload... more) {
    return new Script(call, List.of(more), deadline, standsAlone);
  }

  public Script within(Duration limit) {
    return new Script(call, payloads, limit, standsAlone);
  }

  /** The same, which {@link #standsAlone}. */
  public Script standingAlone() {
    return new Script(call, payloads, deadline, true);
  }
}
