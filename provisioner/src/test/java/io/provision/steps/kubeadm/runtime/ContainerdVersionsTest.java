package io.provision.steps.kubeadm.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.provision.load.bind.Surroundings;
import io.provision.load.inventory.InventoryLoader;
import io.provision.load.yaml.InputProblem;
import io.provision.load.yaml.InputRefused;
import io.provision.model.Version;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.steps.Catalog;
import io.provision.steps.kubeadm.KubeadmCases;
import io.provision.steps.kubernetes.Cases;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings of a containerd that is the host's own, of a version that the inventory cannot know. */
class ContainerdVersionsTest {
  private static InventoryLoader.Loaded load(String containerd) {
    var text =
        """
        cluster: { name: x, distribution: kubeadm, version: v1.36.4, containerd: %s }
        hosts:
          cp1: { address: 10.0.0.1, roles: control-plane }
        """
            .formatted(containerd);
    return new InventoryLoader(
            new Surroundings(Map.of(), Path.of("/home/someone")), Catalog.areas())
        .load(Path.of("i.yml"), text.getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> said(List<InputProblem> problems) {
    return problems.stream().map(InputProblem::reason).toList();
  }

  private static List<String> refusal(String containerd) {
    return said(catchThrowableOfType(InputRefused.class, () -> load(containerd)).problems());
  }

  private static List<String> warnings(String containerd) {
    return said(load(containerd).warnings());
  }

  private static Optional<String> skipped(String containerd, String version) {
    var inventory = load(containerd).inventory();
    var target = KubeadmCases.on("cp1", inventory);
    return ContainerdConfig.skipped(target, Version.parse(version));
  }

  @Test
  void namesOfAnyVersionCanBeWritten() {
    assertThat(warnings("{ oom_score: -5, proxy_plugins: { stargz: { type: snapshot } } }"))
        .isEmpty();
    assertThat(
            warnings(
                """
                { plugins: {
                    io.containerd.grpc.v1.cri: { registry: { mirrors: { x: y } }, stream_server_port: '1' },
                    io.containerd.cri.v1.runtime: { enable_cdi: true },
                    io.containerd.gc.v1.scheduler: { whatever: 1 } } }\
                """))
        .isEmpty();
  }

  @Test
  void aNameThatIsAlmostOneOfThoseIsAnError() {
    assertThat(refusal("{ debugg: { level: debug } }"))
        .containsExactly(
            "no containerd from 1.6 to 2.3 has 'debugg', and it would skip it. did you mean 'debug'?");
    assertThat(refusal("{ plugins: { io.containerd.cri.v1.image: { snapshotter: x } } }"))
        .containsExactly(
            "no containerd from 1.6 to 2.3 has 'plugins.io.containerd.cri.v1.image', and it would"
                + " skip it. did you mean 'io.containerd.cri.v1.images'?");
    assertThat(refusal("{ plugins: { io.containerd.grpc.v1.cri: { sandbox_imag: x } } }"))
        .containsExactly(
            "no containerd from 1.6 to 2.3 has 'plugins.io.containerd.grpc.v1.cri.sandbox_imag',"
                + " and it would skip it. did you mean 'sandbox_image'?");
    assertThat(refusal("{ version: 2 }"))
        .containsExactly(
            "'containerd.version' is not to be set: provision writes it for the version of each"
                + " host. take it out.");
  }

  @Test
  void anotherNameMayBeOfAPluginThatOthersMake() {
    for (var other : List.of("com.example.snapshots", "io.containerd.snapshotter.v1.soci")) {
      assertThat(warnings("{ plugins: { %s: { x: y } } }".formatted(other)))
          .containsExactly(
              "no containerd from 1.6 to 2.3 has 'plugins.%s', and it would skip it. it may be newer, or of a plugin that others make."
                  .formatted(other));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "io.containerd.cri.v1.images: { snapshotter: x }    | v1.7.27 | from 2.0 on",
        "io.containerd.cri.v1.images: { snapshotter: x }    | v2.1.4  |",
        "io.containerd.cri.v1.images: { use_local_image_pull: true } | v2.0.1 | from 2.1 on",
        "io.containerd.grpc.v1.cri: { sandbox_image: x }    | v2.3.0  | up to 1.7",
        "io.containerd.grpc.v1.cri: { sandbox_image: x }    | v1.6.33 |",
        "io.containerd.grpc.v1.cri: { enable_cdi: true }    | v1.6.33 | from 1.7 to 1.7",
        "io.containerd.grpc.v1.cri: { stream_server_port: '1' } | v2.9.0 |",
        "com.example.snapshots: { x: y }                    | v2.0.1  |"
      })
  void whatTheContainerdOfAHostWouldSkipIsSaid(String plugin, String version, String whose) {
    var said = skipped("{ plugins: { %s } }".formatted(plugin), version);
    if (whose == null) {
      assertThat(said).isEmpty();
    } else {
      var key = plugin.replaceFirst(":.*", "");
      assertThat(said).get().asString().startsWith("'containerd.plugins." + key);
      assertThat(said).get().asString().contains("is for containerd " + whose);
    }
  }

  @Test
  void aHostWhoseContainerdWouldSkipItIsRefusedBeforeAnythingIsWritten() {
    var written = "{ plugins: { io.containerd.cri.v1.images: { snapshotter: x } } }";
    var target = KubeadmCases.on("cp1", load(written).inventory());
    var look = RuntimeLooks.CONTAINERD;
    for (var version : List.of("1.7.27", "2.1.4")) {
      var seen =
          new Observations.Builder()
              .put(look, Cases.read(look, "containerd containerd.io %s abc".formatted(version)))
              .put(ForeignRuntime.QUESTION, ForeignRuntime.Said.NOTHING)
              .put(ImageNames.of(target), List.of())
              .build();
      var check = new ContainerRuntime().check(target, seen, new Cases.Settled());
      if (version.startsWith("1")) {
        assertThat(check)
            .isInstanceOfSatisfying(
                Check.Refused.class,
                it ->
                    assertThat(it.what())
                        .startsWith("its containerd is v1.7.27: 'containerd.plugins."));
      } else {
        assertThat(check).isInstanceOf(Check.Unknown.class);
      }
    }
  }

  /** As for hosts of two releases of a system: each reads its own. */
  @ParameterizedTest
  @CsvSource({"v1.7.27", "v2.1.4"})
  void whoWritesBothWaysMeansHostsOfEither(String version) {
    var both =
        "{ plugins: { io.containerd.grpc.v1.cri: { registry: {} }, io.containerd.cri.v1.images: { registry: {} } } }";
    assertThat(skipped(both, version)).isEmpty();
    var more = both.replace("{ plugins: {", "{ plugins: { io.containerd.monitor.v1.cgroups: {},");
    assertThat(skipped(more, version).isPresent()).isEqualTo(version.startsWith("v2"));
  }
}
