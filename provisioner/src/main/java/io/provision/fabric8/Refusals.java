package io.provision.fabric8;

import io.provision.kube.ClusterException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What an API refuses, in words. */
final class Refusals {
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int CONFLICT = 409;
  private static final int INVALID = 422;
  private static final int INTERNAL_ERROR = 500;

  private Refusals() {}

  /**
   * @param status the Status object of the answer
   */
  static ClusterException of(String subject, int code, Map<String, Object> status) {
    var message = String.valueOf(status.getOrDefault("message", "no reason given"));
    var remedy =
        switch (code) {
          case UNAUTHORIZED ->
              "the credentials are not those of this cluster: does 'cluster.endpoint' point to"
                  + " another one?";
          case FORBIDDEN ->
              "these credentials may not do that: look at the roles of the admin user";
          case CONFLICT ->
              "leave the field to its owner, or say 'take_over: true' in the playbook's step";
          case INVALID ->
              "correct the object; what cannot be changed in place must be deleted first, by you";
          default -> "look at the API server's log, then run the same command again";
        };
    var owners = conflicts(status);
    var what = code == CONFLICT && !owners.isEmpty() ? String.join("; ", owners) : message;
    return new ClusterException(
        "%s: the API refused it with %d (%s)".formatted(subject, code, what),
        remedy,
        null,
        code == INTERNAL_ERROR && message.contains("failed calling webhook"));
  }

  /** Which field belongs to whom. */
  private static List<String> conflicts(Map<String, Object> status) {
    var owners = new ArrayList<String>();
    if (status.get("details") instanceof Map<?, ?> details
        && details.get("causes") instanceof List<?> causes) {
      for (var cause : causes) {
        if (cause instanceof Map<?, ?> each && "FieldManagerConflict".equals(each.get("reason"))) {
          owners.add("%s: %s".formatted(each.get("field"), each.get("message")));
        }
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
    return new ClusterException(
        "the cluster's API at %s does not answer (%s)".formatted(server, evidence),
        "look at the API server there (k3s: systemctl status k3s; kubeadm: /var/log/pods), then run the same command again",
        cause);
  }
}
