package io.provision.steps.k3s;

import io.provision.render.Template;
import io.provision.resource.FileMode;
import io.provision.resource.ManagedFile;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubernetes.Nodes;
import java.util.Set;

/**
 * The account by which an agent is drained before it is upgraded: k3s itself brings what lies in
 * its directory of manifests into the cluster. Tokens of it are made when needed, for an hour.
 */
public record K3sDrainAccount() implements Step<Target.OnHost> {
  private static final String PATH = "/var/lib/rancher/k3s/server/manifests/provision-drain.yaml";
  private static final Template MANIFEST = Template.of("k3s/provision-drain.yaml.ftl");

  /** Its template sees nothing. */
  private record Model() {}

  static ManagedFile file() {
    return ManagedFile.of(PATH, MANIFEST.render(new Model())).withMode(FileMode.PRIVATE);
  }

  private static boolean isNeeded(Target.OnHost target) {
    return Nodes.isServer(target.host()) && !Nodes.agents(target.inventory()).isEmpty();
  }

  @Override
  public Probes probes(Target.OnHost target) {
    return isNeeded(target) ? file().probes() : Probes.NONE;
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.CREATE, Change.Action.UPDATE);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    return isNeeded(target)
        ? file().check(seen)
        : new Check.Skipped(
            Nodes.isServer(target.host()) ? "there are no agents" : "it is an agent");
  }
}
