package io.provision.step;

import io.provision.remote.Call;

/** How the engine learns that something has come, and what explains it that it has not. */
public sealed interface Wait {

  /**
   * By waiting on the host itself, in one exec. The engine runs {@code until} there, about once a
   * second, until it succeeds, or says by the exit status 69 that it has failed for good.
   *
   * @param evidence prints what explains a failure or a deadline that was missed: a line {@code
   *     reason: ...}, a line {@code hint: ...} with what to do, and for example journal lines
   * @param othersChangeIt whether what is awaited changes the host meanwhile, so that every step's
   *     questions are asked again afterwards
   */
  record OnHost(Call until, Call evidence, boolean othersChangeIt) implements Wait {
    public OnHost(Call until, Call evidence) {
      this(until, evidence, false);
    }
  }

  /**
   * By asking the step's own questions again, about once a second, until the step says something
   * else: for what only they tell, such as the state of an object of the cluster.
   *
   * @param evidence what explains a deadline that was missed
   * @param remedy what to do then
   */
  record Asking(String evidence, String remedy) implements Wait {}
}
