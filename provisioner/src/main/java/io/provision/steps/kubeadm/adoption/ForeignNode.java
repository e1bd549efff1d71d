package io.provision.steps.kubeadm.adoption;

import io.provision.model.Sha256;
import io.provision.remote.Frame;
import io.provision.remote.Pairs;
import io.provision.remote.ShellFunction;
import io.provision.step.Kind;
import io.provision.step.Question;
import io.provision.steps.kubernetes.Kubectl;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A node that kubeadm made by somebody else's hand, and that is not wholly taken over yet: the
 * record of what its kubelet was given is not there. What its kubelet runs with its process says,
 * since files may have been changed after it was started.
 *
 * @param isThere whether there is one
 * @param unit the file of the kubelet's unit, where it is not ours; empty where it is, or there is
 *     none
 * @param runs whether the kubelet is up
 * @param program the digest of what runs
 * @param version as it says itself
 * @param node by which name it is known, as its certificate has it
 * @param flags names of those that no file has which goes on to be read
 * @param newer of what it reads, those that were written after it was started
 * @param kubelet the text of its configuration
 * @param clusterConfiguration what the cluster keeps for kubeadm; empty where its API did not say
 * @param kubelets what the cluster keeps for every kubelet
 * @param proxy what the cluster keeps for every kube-proxy
 */
public record ForeignNode(
    boolean isThere,
    String unit,
    boolean runs,
    Optional<Sha256> program,
    String version,
    String node,
    List<String> flags,
    List<String> newer,
    String kubelet,
    String clusterConfiguration,
    String kubelets,
    String proxy) {
  private static final Pattern NODE =
      Pattern.compile("(?:^|,)CN=system:node:([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?)(?:,|$)");

  /**
   * {@code foreign_kubelet_flags PID}: those of the process that neither kubeadm's own files nor
   * {@code /etc/default/kubelet} have, and the unit that is written here would not.
   */
  private static final ShellFunction FLAGS =
      new ShellFunction(
          "foreign_kubelet_flags",
          """
          head -c 100000 "/proc/$1/cmdline" | tr '\\0' '\\n' | sed -n '1d; s/^\\(--[A-Za-z0-9-]*\\).*/\\1/p' | sort -u |
            grep -vxe --bootstrap-kubeconfig -e --kubeconfig -e --config |
            while IFS= read -r flag; do
              grep -qse "$flag[ =\\"]" /var/lib/kubelet/kubeadm-flags.env /etc/default/kubelet || echo "flag=$flag"
            done
          return 0\
          """);

  /** {@code foreign_kubeadm_map KEY NAME FIELD}: of a ConfigMap that kubeadm keeps; no secret. */
  private static final ShellFunction MAP =
      new ShellFunction(
          "foreign_kubeadm_map",
          """
          echo "$1=$(admin_kubectl /usr/local/bin/kubectl /etc/kubernetes/admin.conf -n kube-system get configmap "$2" -o "jsonpath={.data.$3}" 2>/dev/null </dev/null | head -c 100000 | base64 -w 0)"\
          """,
          List.of(Kubectl.ADMIN));

  private static final ShellFunction LOOK =
      new ShellFunction(
          "look_foreign_kubeadm",
          """
          [ -e /etc/kubernetes/kubelet.conf ] && [ ! -e /etc/kubernetes/provision/kubelet.yaml ] || return 0
          [ ! -e /etc/kubernetes/provision/begun ] && [ ! -e /etc/kubernetes/provision/joining ] || return 0
          echo there=yes
          shown=$(systemctl show -p FragmentPath,ActiveState,MainPID -- kubelet.service 2>/dev/null | head -c 2000)
          file=$(printf '%s\\n' "$shown" | sed -n 's/^FragmentPath=//p')
          [ -n "$file" ] && [ -f "$file" ] && ! head -n 1 -- "$file" | grep -q '^# Written by provision' && echo "unit=$file"
          pid=$(printf '%s\\n' "$shown" | sed -n 's/^MainPID=\\([1-9][0-9]*\\)$/\\1/p')
          case $shown in *ActiveState=active*)
            if [ -n "$pid" ]; then
              echo runs=yes
              echo "program=$(timeout 60 sha256sum 2>/dev/null <"/proc/$pid/exe" | head -c 64)"
              echo "version=$(timeout 20 "/proc/$pid/exe" --version 2>/dev/null </dev/null | head -c 200 | sed -n 's/^Kubernetes //p' | head -n 1)"
              foreign_kubelet_flags "$pid"
              for read in /var/lib/kubelet/config.yaml /var/lib/kubelet/kubeadm-flags.env /etc/default/kubelet; do
                [ -e "$read" ] && find "$read" -prune -newer /run/systemd/units/invocation:kubelet.service 2>/dev/null | sed 's/^/newer=/'
              done
            fi ;;
          esac
          [ -f /var/lib/kubelet/pki/kubelet-client-current.pem ] &&
            echo "certificate=$(head -c 100000 /var/lib/kubelet/pki/kubelet-client-current.pem | sed -n '/-BEGIN CERTIFICATE-/,/-END CERTIFICATE-/p' | base64 -w 0)"
          [ -f /var/lib/kubelet/config.yaml ] && echo "kubelet=$(head -c 100000 /var/lib/kubelet/config.yaml | base64 -w 0)"
          [ -f /etc/kubernetes/admin.conf ] || return 0
          foreign_kubeadm_map cluster kubeadm-config ClusterConfiguration
          foreign_kubeadm_map kubelets kubelet-config kubelet
          foreign_kubeadm_map proxy kube-proxy 'config\\.conf'
          return 0\
          """,
          List.of(FLAGS, MAP));

  public static final Question<ForeignNode> QUESTION =
      Question.of(Kind.single(LOOK, ForeignNode::read));

  /** A host that is none. */
  public static final ForeignNode NONE =
      new ForeignNode(
          false, "", false, Optional.empty(), "", "", List.of(), List.of(), "", "", "", "");

  public ForeignNode {
    flags = List.copyOf(flags);
    newer = List.copyOf(newer);
  }

  /** Whether its kubelet runs by a unit that was not written here. */
  public boolean runsByAnotherUnit() {
    return isThere && runs && !unit.isEmpty();
  }

  private static ForeignNode read(Frame frame) {
    var said = Pairs.stripped(frame);
    return new ForeignNode(
        said.has("there"),
        said.last("unit"),
        said.has("runs"),
        digest(said.last("program")),
        said.last("version"),
        node(said.decoded("certificate")),
        said.all("flag"),
        said.all("newer"),
        said.decoded("kubelet"),
        said.decoded("cluster"),
        said.decoded("kubelets"),
        said.decoded("proxy"));
  }

  private static Optional<Sha256> digest(String text) {
    return text.matches("[0-9a-f]{64}") ? Optional.of(new Sha256(text)) : Optional.empty();
  }

  /** Empty where no certificate can be read, or it is not a node's. */
  private static String node(String pem) {
    try {
      var bytes = new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8));
      return CertificateFactory.getInstance("X.509").generateCertificates(bytes).stream()
          .findFirst()
          .map(it -> NODE.matcher(((X509Certificate) it).getSubjectX500Principal().getName()))
          .filter(found -> found.find())
          .map(found -> found.group(1))
          .orElse("");
    } catch (CertificateException _) {
      return "";
    }
  }
}
