package io.provision.steps.kubernetes.certificates;

import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import io.provision.step.Kind;
import io.provision.step.Question;
import io.provision.steps.kubernetes.Distribution;
import io.provision.steps.kubernetes.Kubectl;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Certificates that somebody has asked the cluster for, and that nobody approved or denied, as a
 * server's API says. Those by which kubelets log in are approved by the cluster itself; those that
 * they show where {@code serverTLSBootstrap} is set are approved by whoever does that there
 * (https://kubernetes.io/docs/reference/access-authn-authz/kubelet-tls-bootstrapping/).
 *
 * @param answered whether an API server answered at all
 */
record PendingRequests(boolean answered, List<Request> requests) {
  private static final int MOST = 50;

  /** {@code look_certificate_requests KUBECTL KUBECONFIG}. */
  static final ShellFunction LOOK =
      new ShellFunction(
          "look_certificate_requests",
          """
          admin_kubectl "$1" "$2" get certificatesigningrequests.certificates.k8s.io -o \\
            'go-template=answered{{"\\n"}}{{range .items}}{{if not .status.conditions}}request={{.metadata.name}} {{.spec.signerName}} {{.metadata.creationTimestamp}} {{.spec.username}}{{"\\n"}}{{end}}{{end}}' \\
            2>/dev/null </dev/null | head -c 100000 | tr -d '\\000' | head -n %d
          return 0\
          """
              .formatted(MOST),
          List.of(Kubectl.ADMIN));

  private static final Pattern LINE =
      Pattern.compile(
          "request=([a-z0-9.-]{1,253}) ([A-Za-z0-9./-]{1,300}) (\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ) ([A-Za-z0-9.:@_-]{1,300})");

  private static final Kind<PendingRequests> KIND =
      Kind.volatileSingle(LOOK, PendingRequests::read);

  /**
   * @param signer what kind of certificate it is to be
   * @param of who asked
   */
  record Request(String name, String signer, Instant since, String of) {}

  PendingRequests {
    requests = List.copyOf(requests);
  }

  /** Of a server. */
  static Question<PendingRequests> of(Distribution distribution) {
    var kubectl = distribution.kubectl();
    return Question.of(KIND, kubectl.program(), kubectl.kubeconfig());
  }

  private static PendingRequests read(Frame frame) {
    var lines = frame.output().lines().toList();
    var requests = lines.stream().map(PendingRequests::request).flatMap(Optional::stream).toList();
    return new PendingRequests(lines.contains("answered"), requests);
  }

  private static Optional<Request> request(String line) {
    var words = LINE.matcher(line);
    if (!words.matches()) {
      return Optional.empty();
    }
    try {
      var since = Instant.parse(words.group(3));
      return Optional.of(new Request(words.group(1), words.group(2), since, words.group(4)));
    } catch (java.time.DateTimeException _) {
      return Optional.empty();
    }
  }
}
