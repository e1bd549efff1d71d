package io.provision.resource.kernel;

import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import io.provision.step.Kind;
import io.provision.step.Question;
import java.util.Optional;

/** Which kernel a host runs; in a container, that of the machine below. */
public final class RunningKernel {
  private static final ShellFunction LOOK =
      new ShellFunction("look_running_kernel", "uname -r | head -c 200");

  /** Empty where the host does not say it. */
  public static final Question<Optional<String>> QUESTION =
      Question.of(Kind.single(LOOK, RunningKernel::read));

  private RunningKernel() {}

  private static Optional<String> read(Frame frame) {
    return frame.output().lines().map(String::strip).filter(it -> !it.isEmpty()).findFirst();
  }
}
