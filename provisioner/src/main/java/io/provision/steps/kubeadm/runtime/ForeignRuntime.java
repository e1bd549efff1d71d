package io.provision.steps.kubeadm.runtime;

import io.provision.remote.Frame;
import io.provision.remote.Pairs;
import io.provision.remote.ShellFunction;
import io.provision.render.RenderException;
import io.provision.step.Check;
import io.provision.step.Kind;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Target;
import io.provision.steps.kubeadm.adoption.RuntimeDifferences;
import java.util.List;
import java.util.Optional;

/**
 * The containerd of a node that somebody else made, until that one is taken over. It goes on where
 * it makes the same of its configuration as it would of ours; else it is restarted in its turn,
 * with the settings of nodes that live.
 */
public final class ForeignRuntime {
  /** {@code foreign_containerd_says PROGRAM WORD}: without the logins of registries. */
  private static final ShellFunction SAYS =
      new ShellFunction(
          "foreign_containerd_says",
          """
          echo "$2=$(timeout 20 "$1" config "$2" 2>/dev/null </dev/null | head -c 200000 |
            sed -E "s/^( *(password|auth|identitytoken) *= *).+/\\1'...'/" | base64 -w 0)"\
          """);

  private static final ShellFunction LOOK =
      new ShellFunction(
          "look_foreign_containerd",
          """
          [ -e /etc/kubernetes/kubelet.conf ] && [ ! -e /etc/kubernetes/provision/kubelet.yaml ] || return 0
          [ ! -e /etc/kubernetes/provision/begun ] && [ ! -e /etc/kubernetes/provision/joining ] || return 0
          for program in /usr/bin/containerd /usr/local/bin/containerd; do
            [ -x "$program" ] || continue
            foreign_containerd_says "$program" default
            foreign_containerd_says "$program" dump
            [ -e /etc/containerd/config.toml ] && find /etc/containerd/config.toml -prune -newer /run/systemd/units/invocation:containerd.service 2>/dev/null | sed 's/^/newer=/'
            return 0
          done
          return 0\
          """,
          List.of(SAYS));

  /** Both texts empty where there is none of somebody else, or it did not say. */
  record Said(String defaults, String dump, boolean isNewer) {
    static final Said NOTHING = new Said("", "", false);

    boolean isTold() {
      return !defaults.isEmpty() && !dump.isEmpty();
    }
  }

  static final Question<Said> QUESTION = Question.of(Kind.single(LOOK, ForeignRuntime::read));

  private ForeignRuntime() {}

  private static Said read(Frame frame) {
    var said = Pairs.stripped(frame);
    return new Said(said.decoded("default"), said.decoded("dump"), said.has("newer"));
  }

  /** All that is asked for this. */
  public static Probes probes(Target.OnHost target) {
    return Probes.of(QUESTION).and(ContainerdConfig.probes(target));
  }

  /** Settings of it that would be lost; empty where there are none, or none is there. */
  public static Optional<Check> refusal(Target.OnHost target, Observations seen) {
    if (!seen.of(QUESTION).isTold()) {
      return Optional.empty();
    }
    try {
      return differences(target, seen)
          .map(RuntimeDifferences::lost)
          .filter(lost -> !lost.isEmpty())
          .map(lost ->
              new Check.Refused(
                  "its containerd has settings that the inventory does not say, and would lose them: "
                      + lost.written(),
                  "write 'containerd: { %s }' under 'cluster', or at this host where no other has it"
                      .formatted(lost.written())));
    } catch (RenderException e) {
      return Optional.of(
          new Check.Refused(
              "what its containerd runs with cannot be read: " + e.getMessage(),
              "look at 'containerd config dump' on it"));
    }
  }

  /** Whether it may go on with our file as with its own. */
  static boolean goesOn(Target.OnHost target, Observations seen) {
    var said = seen.of(QUESTION);
    return said.isTold()
        && !said.isNewer()
        && differences(target, seen).filter(it -> it.changed().isEmpty()).isPresent();
  }

  /** What becomes of it, for people. */
  public static String told(Target.OnHost target, Observations seen) {
    if (!seen.of(QUESTION).isTold()) {
      return "its containerd restarts once, which leaves pods running (it does not say what it runs with)";
    }
    if (goesOn(target, seen)) {
      return "its containerd is not restarted";
    }
    return differences(target, seen)
        .filter(it -> !it.changed().isEmpty())
        .map(it ->
            "its containerd restarts once, which leaves pods running (%s)"
                .formatted(String.join(", ", it.changed())))
        .orElse("its containerd restarts once, which leaves pods running");
  }

  /** Empty while the image of sandboxes is not known. */
  private static Optional<RuntimeDifferences> differences(Target.OnHost target, Observations seen) {
    var said = seen.of(QUESTION);
    return ContainerdConfig.of(target, seen)
        .map(it -> RuntimeDifferences.of(said.defaults(), said.dump(), it.settings()));
  }
}
