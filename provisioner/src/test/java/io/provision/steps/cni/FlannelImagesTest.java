package io.provision.steps.cni;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Cluster;
import io.provision.step.Target;
import io.provision.steps.k3s.K3sDistribution;
import io.provision.steps.kubeadm.KubeadmDistribution;
import io.provision.steps.kubernetes.Cases;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who needs the images of flannel brought, by the distribution and the network of pods. */
class FlannelImagesTest {
  private static boolean isWanted(Cluster.Distribution distribution, Cluster.Cni cni) {
    var it = Cases.cluster("v1.36.4", cni, Map.of());
    var cluster =
        new Cluster(
            it.name(),
            distribution,
            it.version(),
            it.endpoint(),
            it.virtualIp(),
            it.network(),
            it.sections(),
            it.kubeconfig(),
            it.tlsSans(),
            it.position());
    return new FlannelImages()
        .isWanted(new Target.OnCluster(Cases.inventory(cluster, Cases.server(1))));
  }

  @Test
  void onlyWhereFlannelIsTheNetworkAndNoPartOfTheDistribution() {
    assertThat(isWanted(KubeadmDistribution.DECLARED, Cluster.Cni.FLANNEL)).isTrue();
    assertThat(isWanted(KubeadmDistribution.DECLARED, Cluster.Cni.CALICO)).isFalse();
    assertThat(isWanted(K3sDistribution.DECLARED, Cluster.Cni.FLANNEL)).isFalse();
    assertThat(isWanted(Cluster.Distribution.NONE, Cluster.Cni.FLANNEL)).isFalse();
  }
}
