package io.provision.steps.kubeadm.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Content;
import io.provision.model.Version;
import io.provision.resource.ManagedFile;
import io.provision.step.Target;
import io.provision.steps.kubeadm.KubeadmCases;
import org.junit.jupiter.api.Test;

/** What containerd is told, by its version. */
class ContainerdConfigTest {
  @Test
  void containerdIsConfiguredInTheFormatOfItsVersion() {
    var target = KubeadmCases.on("w1", KubeadmCases.inventory("containerd: { oom_score: -500 }"));
    var old = containerd(target, "1.7.24");
    assertThat(old)
        .contains("version = 2\n", "sandbox_image = \"registry.k8s.io/pause:3.10.2\"")
        .contains("[plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes.runc.options]")
        .contains("SystemdCgroup = true", "oom_score = -500");
    var young = containerd(target, "2.2.9");
    assertThat(young)
        .contains("version = 3\n", "sandbox = \"registry.k8s.io/pause:3.10.2\"", "bin_dirs = [")
        .contains("SystemdCgroup = true", "oom_score = -500")
        .doesNotContain("grpc.v1.cri");
    assertThat(containerd(target, "2.0.5")).contains("bin_dir = \"/opt/cni/bin\"");
    var driver =
        KubeadmCases.on("w1", KubeadmCases.inventory("kubelet: { cgroupDriver: cgroupfs }"));
    assertThat(containerd(driver, "2.2.9")).contains("SystemdCgroup = false");
  }

  private static String containerd(Target.OnHost target, String version) {
    return text(
        new ContainerdConfig(target, Version.parse(version), "registry.k8s.io/pause:3.10.2")
            .file());
  }

  private static String text(ManagedFile file) {
    return ((Content.Plain) file.content()).text();
  }
}
