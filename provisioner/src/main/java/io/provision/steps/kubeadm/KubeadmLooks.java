package io.provision.steps.kubeadm;

import io.provision.model.Sha256;
import io.provision.model.Version;
import io.provision.remote.Frame;
import io.provision.remote.Pairs;
import io.provision.remote.ShellFunction;
import io.provision.step.Kind;
import io.provision.step.Question;
import io.provision.steps.kubernetes.Kubectl;
import io.provision.steps.kubernetes.certificates.AuthorityKey;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Read-only questions about what kubeadm has made of a host. */
final class KubeadmLooks {

  /** {@code kubeadm_ready}: whether the API server says so. */
  static final ShellFunction READY =
      new ShellFunction(
          "kubeadm_ready",
          """
          [ "$(admin_kubectl /usr/local/bin/kubectl /etc/kubernetes/admin.conf get --raw /readyz 2>/dev/null | head -c 100)" = ok ]\
          """,
          List.of(Kubectl.ADMIN));

  /** Of a kubeconfig only the name of its cluster and where its API is. */
  private static final ShellFunction STATE =
      new ShellFunction(
          "look_kubeadm_state",
          """
          echo "arch=$(uname -m)"
          [ -x /usr/local/bin/kubelet ] &&
            timeout 20 /usr/local/bin/kubelet --version 2>/dev/null | head -c 200 | sed -n 's/^Kubernetes /version=/p' | head -n 1
          [ -e /var/lib/etcd/member ] && echo member=yes
          for file in admin super-admin controller-manager scheduler kubelet bootstrap-kubelet; do
            [ -e "/etc/kubernetes/$file.conf" ] && echo "left=$file.conf"
          done
          for file in /etc/kubernetes/manifests/*.yaml /etc/kubernetes/pki/*; do
            [ -e "$file" ] && echo "left=${file#/etc/kubernetes/}"
          done
          [ -f /etc/kubernetes/pki/ca.crt ] && echo "authority=$(sha256sum </etc/kubernetes/pki/ca.crt | head -c 64)" &&
            echo "key=$(head -c 20000 /etc/kubernetes/pki/ca.crt | base64 -w 0)"
          for file in admin kubelet bootstrap-kubelet; do
            [ -f "/etc/kubernetes/$file.conf" ] || continue
            head -c 100000 "/etc/kubernetes/$file.conf" | awk '
              /^contexts:/ { exit }
              /^ +server: / { print "server=" $2 }
              /^ +name: / { print "cluster=" $2 }'
            break
          done
          [ -e /etc/kubernetes/provision/begun ] && echo begun=yes
          [ -e /etc/kubernetes/provision/joining ] && echo joining=yes
          [ -e /etc/kubernetes/provision/upgrading ] && echo upgrading=yes
          [ -e /etc/kubernetes/provision/changing ] && echo changing=yes
          [ -f /etc/kubernetes/manifests/kube-apiserver.yaml ] &&
            head -c 100000 /etc/kubernetes/manifests/kube-apiserver.yaml | sed -n 's/^ *image: .*kube-apiserver:/apiserver=/p' | head -n 1
          [ -e /var/lib/kubelet/config.yaml ] && echo configured=yes
          [ -e /var/lib/etcd/member ] && kubeadm_ready && echo ready=yes
          return 0\
          """,
          List.of(READY));

  static final Question<Basics> BASICS = Question.of(Kind.single(STATE, KubeadmLooks::basics));

  /**
   * What a host is to kubeadm.
   *
   * @param version of its kubelet
   * @param member whether a datastore lies there
   * @param left what there is of kubeadm's files, below {@code /etc/kubernetes}
   * @param authority of the cluster that it is of, the digest of its file
   * @param certificate of that authority, in base64; empty where there is none
   * @param cluster what its kubeconfig calls the cluster; kubelets of workers call all {@code
   *     default-cluster}
   * @param server where its kubeconfig says that the API is
   * @param ready whether the API server answers
   * @param begun whether an init began and did not end
   * @param joining whether a join began and did not end
   * @param upgrading whether its control plane began to be upgraded, and not to the end
   * @param changing whether its settings began to be changed, and not to the end
   * @param apiServer the version that its control plane is to run
   * @param configured whether its kubelet has what it needs to start
   */
  record Basics(
      String arch,
      Optional<Version> version,
      boolean member,
      Set<String> left,
      Optional<Sha256> authority,
      String certificate,
      String cluster,
      String server,
      boolean ready,
      boolean begun,
      boolean joining,
      boolean upgrading,
      boolean changing,
      Optional<Version> apiServer,
      boolean configured) {
    Basics {
      left = Set.copyOf(left);
    }

    /** Of its authority, read where somebody is told of it, and not at every look. */
    Optional<AuthorityKey> key() {
      try {
        var pem = Base64.getDecoder().decode(certificate);
        return AuthorityKey.of(new String(pem, StandardCharsets.UTF_8));
      } catch (IllegalArgumentException _) {
        return Optional.empty();
      }
    }

    /** Whether it is the control plane of a cluster that was begun to the end. */
    boolean isLiving() {
      return member && !begun && !joining;
    }

    /** Whether a control plane was begun there: with a datastore it is one, whatever else fails. */
    boolean holdsCluster() {
      return member;
    }

    /** Whether it is a node, and any part of it has not come to this version yet. */
    boolean isOlderThan(Version wanted) {
      return isJoined()
          && (upgrading
              || version.filter(has -> has.compareTo(wanted) < 0).isPresent()
              || apiServer.filter(has -> has.compareTo(wanted) < 0).isPresent());
    }

    /** Whether it is a node as which it lives, and not one that is still to be begun or joined. */
    boolean livesAs(boolean server) {
      return server ? isLiving() : isJoined() && !joining;
    }

    /** Whether a control plane has accepted its kubelet. */
    boolean isJoined() {
      return left.contains("kubelet.conf") && authority.isPresent();
    }
  }

  private KubeadmLooks() {}

  private static Basics basics(Frame frame) {
    var one = Pairs.stripped(frame);
    return new Basics(
        arch(one),
        version(one.first("version")),
        one.has("member"),
        new TreeSet<>(one.all("left")),
        digest(one.first("authority")),
        one.first("key"),
        name(one.first("cluster")),
        name(one.first("server")),
        one.has("ready"),
        one.has("begun"),
        one.has("joining"),
        one.has("upgrading"),
        one.has("changing"),
        version(one.first("apiserver")),
        one.has("configured"));
  }

  private static String arch(Pairs lines) {
    var machine = lines.first("arch");
    return switch (machine) {
      case "x86_64" -> "amd64";
      case "aarch64" -> "arm64";
      default -> machine;
    };
  }

  private static Optional<Version> version(String text) {
    try {
      return Optional.of(Version.parse(text));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static Optional<Sha256> digest(String text) {
    try {
      return Optional.of(new Sha256(text));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** A word that a person can be told. */
  private static String name(String text) {
    return text.matches("[A-Za-z0-9:/._\\[\\]-]{1,300}") ? text : "";
  }
}
