package io.provision.resource.kernel;

import io.provision.remote.ShellFunction;
import io.provision.step.Kind;
import io.provision.step.Question;

/**
 * What a host stands on.
 *
 * @param container the kind of container, for example {@code docker}; empty on a machine with a
 *     kernel of its own
 */
public record Machine(String container) {
  /** Why something is skipped that a container cannot decide. */
  public static final String BELONGS_BELOW = "belongs to the machine under this container";

  private static final ShellFunction LOOK =
      new ShellFunction(
          "look_machine",
          """
          if [ -s /run/systemd/container ]; then
            cat /run/systemd/container
          elif kind=$(tr '\\0' '\\n' </proc/1/environ | sed -n 's/^container=//p') &&
            [ -n "$kind" ]; then
            echo "$kind"
          elif [ -e /.dockerenv ]; then
            echo docker
          elif kind=$(systemd-detect-virt --container) && [ "$kind" != none ]; then
            echo "$kind"
          fi
          return 0\
          """);

  private static final Question<Machine> QUESTION =
      Question.of(
          Kind.single(LOOK, frame -> new Machine(frame.output().lines().findFirst().orElse(""))));

  /** The question; the same for everyone who asks it. */
  public static Question<Machine> question() {
    return QUESTION;
  }

  public boolean isContainer() {
    return !container.isBlank();
  }
}
