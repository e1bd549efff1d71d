package io.provision.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.provision.desk.DeskChange.ArtifactId;
import io.provision.desk.DeskException;
import io.provision.model.Sha256;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Where digests are published: in a list for all files, or beside each of them. */
class PublisherTest {
  private static final Sha256 ONE = Sha256.of(new byte[] {1});
  private static final Sha256 TWO = Sha256.of(new byte[] {2});

  private static ArtifactId kubernetes(String arch, String file) {
    return new ArtifactId("kubernetes", "v1.36.2", arch, file);
  }

  @Test
  void kubernetesHasADigestBesideEachProgram() {
    var origin = new Origins(Optional.empty()).of(kubernetes("arm64", "kubelet")).getFirst();
    var program = "https://dl.k8s.io/release/v1.36.2/bin/linux/arm64/kubelet";
    assertThat(origin.file()).isEqualTo(URI.create(program));
    assertThat(origin.sums()).contains(URI.create(program + ".sha256"));
    assertThat(Publisher.isWithoutSum(kubernetes("amd64", "kubeadm"))).isFalse();
    assertThat(Publisher.address(kubernetes("amd64", "images.tar"))).isEmpty();
  }

  @Test
  void k3sHasOneListForAll() {
    var id = new ArtifactId("k3s", "v1.36.4+k3s1", "amd64", "k3s");
    assertThat(Publisher.sums(id).map(URI::toString).orElseThrow())
        .endsWith("/v1.36.4%2Bk3s1/sha256sum-amd64.txt");
  }

  @Test
  void ofOneFileTheDigestAloneWillDoAndAmongSeveralEachIsNamed() throws DeskException {
    var id = kubernetes("amd64", "kubelet");
    assertThat(list(ONE.hex()).digest(id)).isEqualTo(ONE);
    assertThat(list(ONE.hex() + "  kubeadm", TWO.hex() + "  kubelet").digest(id)).isEqualTo(TWO);
    for (var lines :
        List.of(
            List.of(ONE.hex(), TWO.hex()),
            List.of(ONE.hex() + "  kubeadm"),
            List.of("<html>" + ONE.hex()),
            List.<String>of())) {
      assertThatThrownBy(() -> new SumList(lines, "there").digest(id))
          .as("%s", lines)
          .isInstanceOf(DeskException.class);
    }
  }

  private static SumList list(String... lines) {
    return new SumList(List.of(lines), "there");
  }
}
