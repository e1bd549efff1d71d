package io.provision.fabric8;

import io.provision.kube.ClusterException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** What an API refuses, in words. */
final class Refusals {
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int CONFLICT = 409;
  private static final int INVALID = 422;
  private static final int INTERNAL_ERROR = 500;

  /**
   * How the API names a webhook; see apiserver/pkg/admission/plugin/webhook/errors of Kubernetes.
   */
  private static final Pattern WEBHOOK = Pattern.compile("webhook \"([^\"]{1,253})\"");

  private Refusals() {}

  /**
   * @param status the Status object of the answer
   */
  static ClusterException of(String subject, int code, Map<String, Object> status) {
    var message = String.valueOf(status.getOrDefault("message", "no reason given"));
    var remedy = other(status, message).orElseGet(() -> remedy(code));
    var owners = conflicts(status);
    var what = code == CONFLICT && !owners.isEmpty() ? String.join("; ", owners) : message;
    return new ClusterException(
        "%s: the API refused it with %d (%s)".formatted(subject, code, what),
        remedy,
        null,
        code == INTERNAL_ERROR && message.contains("failed calling webhook"));
  }

  private static String remedy(int code) {
    return switch (code) {
      case UNAUTHORIZED ->
          "the credentials are not those of this cluster: does 'cluster.endpoint' point to another"
              + " one?";
      case FORBIDDEN -> "these credentials may not do that: look at the roles of the admin user";
      case CONFLICT ->
          "leave the field to its owner, or say 'take_over: true' in the playbook's step";
      case INVALID ->
          "correct the object; what cannot be changed in place must be deleted first, by you";
      default -> "look at the API server's log, then run the same command again";
    };
  }

  /** Where it is no matter of the code: somebody's webhook, or a namespace that ends. */
  private static Optional<String> other(Map<String, Object> status, String message) {
    var webhook = WEBHOOK.matcher(message);
    if (message.contains("failed calling webhook") && webhook.find()) {
      return Optional.of(
          ("the webhook %s does not answer: look at the pods of its service. Where what it belongs to"
                  + " is gone, delete its configuration ('kubectl get"
                  + " validatingwebhookconfigurations,mutatingwebhookconfigurations' lists them)")
              .formatted(webhook.group(1)));
    }
    if (message.startsWith("admission webhook ") && webhook.find()) {
      return Optional.of(
          "that is a rule of this cluster, not of its API: look at what the webhook %s belongs to"
              .formatted(webhook.group(1)));
    }
    return causes(status).stream().anyMatch(it -> "NamespaceTerminating".equals(it.get("reason")))
        ? Optional.of(
            "wait until that namespace is gone, and run again; 'kubectl get namespace NAME -o yaml'"
                + " says in its conditions what holds it")
        : Optional.empty();
  }

  private static List<Map<?, ?>> causes(Map<String, Object> status) {
    var found = new ArrayList<Map<?, ?>>();
    if (status.get("details") instanceof Map<?, ?> details
        && details.get("causes") instanceof List<?> causes) {
      for (var cause : causes) {
        if (cause instanceof Map<?, ?> each) {
          found.add(each);
        }
      }
    }
    return found;
  }

  /** Which field belongs to whom. */
  private static List<String> conflicts(Map<String, Object> status) {
    var owners = new ArrayList<String>();
    for (var cause : causes(status)) {
      if ("FieldManagerConflict".equals(cause.get("reason"))) {
        owners.add("%s: %s".formatted(cause.get("field"), cause.get("message")));
      }
    }
    return owners;
  }

  /** The API did not answer, or {@code cause} already says why it refused. */
  static ClusterException unanswered(String server, Throwable cause) {
    if (cause instanceof ClusterException said) {
      return said;
    }
    var evidence =
        cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    return ClusterException.unanswered(
        "the cluster's API at %s does not answer (%s)".formatted(server, evidence),
        "look at the API server there (k3s: systemctl status k3s; kubeadm: /var/log/pods), then run the same command again",
        cause);
  }
}
