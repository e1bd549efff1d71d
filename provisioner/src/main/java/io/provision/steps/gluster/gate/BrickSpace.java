package io.provision.steps.gluster.gate;

import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import io.provision.step.Kind;
import io.provision.step.Question;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Room on the file system of a brick, in bytes, as its own host has it. */
public record BrickSpace(long free, long size) {
  private static final long GIBI = 1L << 30;

  /** {@code look_brick_space PATH}: the path of a brick, which is never on the network. */
  private static final ShellFunction LOOK =
      new ShellFunction(
          "look_brick_space",
          """
          [ -d "$1" ] && df -B 1 --output=avail,size -- "$1" | tail -n 1\
          """);

  private static final Kind<Optional<BrickSpace>> KIND =
      Kind.volatileSingle(LOOK, BrickSpace::read);

  static Question<Optional<BrickSpace>> of(String brick) {
    return Question.of(KIND, brick);
  }

  private static Optional<BrickSpace> read(Frame frame) {
    var words = List.of(frame.output().strip().split("\\s+"));
    return words.size() == 2 && words.stream().allMatch(it -> it.matches("[0-9]{1,18}"))
        ? Optional.of(new BrickSpace(Long.parseLong(words.get(0)), Long.parseLong(words.get(1))))
        : Optional.empty();
  }

  /** As {@code 12.3 of 40.0 GiB}. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "%.1f of %.1f GiB", (double) free / GIBI, (double) size / GIBI);
  }
}
