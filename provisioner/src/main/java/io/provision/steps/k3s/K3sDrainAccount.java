package io.provision.steps.k3s;

import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.render.Template;
import io.provision.resource.FileMode;
import io.provision.resource.Files;
import io.provision.resource.ManagedFile;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Probes;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubernetes.Nodes;
import java.util.List;
import java.util.Set;

/**
 * The account by which an agent is drained before it is upgraded: k3s itself brings what lies in
 * its directory of manifests into the cluster. Tokens of it are made when needed, for an hour. It
 * goes with the last agent; k3s leaves what came from a file that is taken away
 * (https://docs.k3s.io/installation/packaged-components), so that its objects are deleted by name.
 */
public record K3sDrainAccount() implements Step<Target.OnHost> {
  private static final String PATH = "/var/lib/rancher/k3s/server/manifests/provision-drain.yaml";
  private static final Template MANIFEST = Template.of("k3s/provision-drain.yaml.ftl");

  /**
   * {@code remove_drain_account PATH}. The file is the record of the objects, and goes last; a
   * server that has it still does not read it again while it runs.
   */
  static final ShellFunction REMOVE =
      new ShellFunction(
          "remove_drain_account",
          """
          try k3s_kubectl --namespace=kube-system delete --ignore-not-found --wait=false \\
            serviceaccount/provision-drain clusterrole/provision-drain \\
            clusterrolebinding/provision-drain addon.k3s.cattle.io/provision-drain || return
          try rm -f -- "$1"\
          """,
          List.of(K3sLooks.KUBECTL));

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
    if (!Nodes.isServer(target.host())) {
      return Probes.NONE;
    }
    return isNeeded(target) ? file().probes() : Probes.of(Files.at(PATH), K3sLooks.IS_READY);
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.CREATE, Change.Action.UPDATE, Change.Action.REMOVE);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    if (!Nodes.isServer(target.host())) {
      return new Check.Skipped("it is an agent");
    }
    return isNeeded(target) ? file().check(seen) : left(seen);
  }

  private static Check left(Observations seen) {
    if (!seen.of(Files.at(PATH)).exists()) {
      return new Check.Skipped("there are no agents");
    }
    if (!seen.of(K3sLooks.IS_READY)) {
      return new Check.InSync(
          Observed.noting(
              "the account that agents were drained with stays until its API server answers: then"
                  + " apply again"));
    }
    return new Check.Drift(
        List.of(
            Change.of(Change.Action.REMOVE, "account provision-drain of the cluster"),
            Change.of(Change.Action.REMOVE, PATH)),
        new Repair.OnHost(Script.of(REMOVE, PATH)));
  }
}
