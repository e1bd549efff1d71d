package io.provision.steps.os;

import io.provision.model.Cluster;
import io.provision.model.Content;
import io.provision.model.Host;
import io.provision.model.Role;
import io.provision.render.Each;
import io.provision.render.RenderException;
import io.provision.render.Template;
import io.provision.resource.FileMode;
import io.provision.resource.ManagedFile;
import io.provision.resource.Piece;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Parameter;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code template}: a file that a FreeMarker template gives. It sees {@code host} (name, address,
 * node_address, roles, labels, vars), {@code hosts} (the same of all), {@code cluster} where there
 * is one, and {@code vars}.
 *
 * @param template beside the playbook
 * @param vars free values for this template
 */
public record TemplateStep(
    @Parameter(value = "The file.", example = "/etc/demo.conf") String path,
    @Parameter(
            value =
                "A FreeMarker template beside the playbook; it sees host, hosts, cluster and vars.",
            example = "templates/demo.conf.ftl")
        Path template,
    @Parameter(value = "Its permissions.", usual = "\"0644\"", example = "\"0640\"")
        Optional<FileMode> mode,
    @Parameter(value = "The user it belongs to.", usual = "root", example = "demo")
        Optional<String> owner,
    @Parameter(value = "The group it belongs to.", usual = "the owner's name", example = "demo")
        Optional<String> group,
    @Parameter(value = "Values that the template sees as vars.", example = "{ answer: 42 }")
        Optional<Map<String, Object>> vars)
    implements Step<Target.OnHost> {

  /** What a template sees of a host. */
  private record HostModel(
      String name,
      String address,
      Optional<String> node_address,
      List<Role> roles,
      Map<String, String> labels,
      Map<String, Object> vars) {
    static HostModel of(Host host) {
      return new HostModel(
          host.name().value(),
          host.address().value(),
          host.nodeAddress().map(Object::toString),
          host.roles().stream().sorted().toList(),
          host.labels(),
          host.vars());
    }
  }

  /** What a template sees of the cluster. */
  private record ClusterModel(
      String name,
      String distribution,
      Optional<String> version,
      Optional<String> endpoint,
      String cni,
      Optional<String> node_cidr,
      String pod_cidr,
      String service_cidr) {
    static ClusterModel of(Cluster cluster) {
      var network = cluster.network();
      return new ClusterModel(
          cluster.name(),
          cluster.distribution().name().toLowerCase(java.util.Locale.ROOT),
          cluster.version().map(Object::toString),
          cluster.endpoint(),
          network.cni().name().toLowerCase(java.util.Locale.ROOT),
          network.nodeCidr().map(Object::toString),
          network.podCidr().toString(),
          network.serviceCidr().toString());
    }
  }

  private record Model(
      HostModel host,
      List<HostModel> hosts,
      Optional<ClusterModel> cluster,
      Map<String, Object> vars) {}

  public TemplateStep {
    if (!Files.isRegularFile(template)) {
      throw new IllegalArgumentException("there is no template %s".formatted(template));
    }
    var unused = FileStep.managed(path, Content.of(""), mode, owner, group);
  }

  @Override
  public Probes probes(Target.OnHost target) {
    try {
      return piece(target).probes();
    } catch (RenderException _) {
      return Probes.NONE;
    }
  }

  /** Everything that a template sees is in the inventory. */
  @Override
  public List<Check.Refused> refusals(Target.OnHost target) {
    try {
      var _ = piece(target);
      return List.of();
    } catch (RenderException e) {
      return List.of(refused(e));
    }
  }

  private static Check.Refused refused(RenderException e) {
    return new Check.Refused(String.valueOf(e.getMessage()), "fix the template");
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    try {
      return piece(target).check(seen);
    } catch (RenderException e) {
      return refused(e);
    }
  }

  private Piece piece(Target.OnHost target) {
    var inventory = target.inventory();
    var model =
        new Model(
            HostModel.of(target.host()),
            new Each<>(inventory.hosts(), HostModel::of),
            inventory.cluster().map(ClusterModel::of),
            vars.orElse(Map.of()));
    ManagedFile file =
        FileStep.managed(path, Template.file(template).render(model), mode, owner, group);
    return file;
  }
}
