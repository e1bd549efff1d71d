package io.provision.steps.kubeadm.runtime;

import io.provision.resource.packages.Packages;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;

/**
 * {@code runtime-packages}: containerd, with the runc that its package needs, and the CNI plugins
 * of the host's system, unless the inventory declares others.
 */
public record RuntimePackages() implements Step<Target.OnHost> {
  private static final Packages PACKAGES = Packages.of("containerd", "containernetworking-plugins");

  @Override
  public Probes probes(Target.OnHost target) {
    return RuntimeRelease.of(target).isPresent() ? Probes.NONE : PACKAGES.probes();
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    return RuntimeRelease.of(target).isPresent()
        ? new Check.Skipped("the inventory declares a container runtime of its own")
        : PACKAGES.check(seen);
  }
}
