package io.provision.steps.os;

import io.provision.render.Template;
import io.provision.resource.ManagedFile;
import io.provision.resource.Piece;
import io.provision.resource.Pieces;
import io.provision.resource.kernel.KernelModule;
import io.provision.step.Parameter;
import io.provision.step.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code kernel-modules}: modules that are in effect now and loaded at boot.
 *
 * @param modules overlay and br_netfilter, which Kubernetes needs, where they are not given
 * @param file what loads them at boot, see modules-load.d(5)
 */
public record KernelModules(
    @Parameter(
            value = "The modules.",
            usual = "overlay and br_netfilter, which Kubernetes needs",
            example = "[overlay]")
        Optional<List<String>> modules,
    @Parameter(
            value = "What loads them at boot, see modules-load.d(5).",
            usual = "/etc/modules-load.d/provision.conf",
            example = "/etc/modules-load.d/demo.conf")
        Optional<String> file)
    implements PieceStep {
  private static final Template FILE = Template.of("os/modules-load.conf.ftl");
  private static final List<String> KUBERNETES = List.of("overlay", "br_netfilter");

  private record Model(List<String> modules) {}

  public KernelModules {
    modules.ifPresent(names -> names.forEach(name -> new KernelModule(name).name()));
    file.ifPresent(io.provision.resource.HostPath::require);
  }

  @Override
  public Piece piece(Target.OnHost target) {
    var names = modules.orElse(KUBERNETES);
    var pieces = new ArrayList<Piece>();
    pieces.add(
        ManagedFile.of(
            file.orElse("/etc/modules-load.d/provision.conf"), FILE.render(new Model(names))));
    names.forEach(name -> pieces.add(new KernelModule(name)));
    return Pieces.all(pieces);
  }
}
