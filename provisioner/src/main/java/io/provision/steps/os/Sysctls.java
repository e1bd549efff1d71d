package io.provision.steps.os;

import io.provision.render.Template;
import io.provision.resource.ManagedFile;
import io.provision.resource.Piece;
import io.provision.resource.Pieces;
import io.provision.resource.kernel.Sysctl;
import io.provision.step.Parameter;
import io.provision.step.Target;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * {@code sysctl}: kernel parameters in effect now and set at boot.
 *
 * @param values what Kubernetes needs (forwarding, bridged packets through the packet filter) where
 *     they are not given
 * @param file what sets them at boot, see sysctl.d(5); its name sorts late, so that it wins
 */
public record Sysctls(
    @Parameter(
            value = "Kernel parameters.",
            usual =
                "what Kubernetes needs: forwarding, and bridged packets through the packet filter",
            example = "{ net.ipv4.ip_forward: 1 }")
        Optional<Map<String, Object>> values,
    @Parameter(
            value = "What sets them at boot, see sysctl.d(5).",
            usual = "/etc/sysctl.d/99-provision.conf",
            example = "/etc/sysctl.d/99-demo.conf")
        Optional<String> file)
    implements PieceStep {
  private static final Template FILE = Template.of("os/sysctl.conf.ftl");
  private static final String USUAL_FILE = "/etc/sysctl.d/99-zz-provision.conf";
  private static final Map<String, Object> KUBERNETES =
      Map.of(
          "net.ipv4.ip_forward", "1",
          "net.bridge.bridge-nf-call-iptables", "1",
          "net.bridge.bridge-nf-call-ip6tables", "1");

  private record Model(Map<String, String> values) {}

  public Sysctls {
    var at = file.orElse(USUAL_FILE);
    values.ifPresent(
        all -> all.forEach((key, value) -> new Sysctl(key, value.toString(), at).key()));
  }

  @Override
  public Piece piece(Target.OnHost target) {
    var at = file.orElse(USUAL_FILE);
    var wanted = new TreeMap<String, String>();
    values.orElse(KUBERNETES).forEach((key, value) -> wanted.put(key, value.toString()));
    var pieces = new ArrayList<Piece>();
    pieces.add(ManagedFile.of(at, FILE.render(new Model(wanted))));
    wanted.forEach((key, value) -> pieces.add(new Sysctl(key, value, at)));
    return Pieces.all(pieces);
  }
}
