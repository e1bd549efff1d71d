package io.provision.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/**
 * The one Lease of an API that stands in, for tests only: whose turn it is among its nodes. It
 * takes a merge patch by the version that was read, as the real one does, and nothing else; who has
 * the turn is a node, and while one has it no other takes it.
 */
final class StandInLease {
  static final String GROUP = "/apis/coordination.k8s.io/v1";
  private static final String ALL = GROUP + "/namespaces/kube-system/leases";
  private static final String NAME = "provision-rotation";

  private final JsonMapper json = new JsonMapper();
  private ObjectNode lease = json.createObjectNode();
  private int version;

  /** An answer of HTTP, 400 where something else is asked. */
  record Answer(int code, Object body) {
    private static Answer of(int code, String message) {
      return new Answer(code, Map.of("message", message));
    }
  }

  static boolean concerns(String path) {
    return path.equals(GROUP) || path.equals(ALL) || path.startsWith(ALL + "/");
  }

  synchronized Answer answer(String method, String path, JsonNode body) {
    if (method.equals("GET") && path.equals(GROUP)) {
      var leases = Map.of("kind", "Lease", "name", "leases", "namespaced", true);
      return new Answer(200, Map.of("resources", List.of(leases)));
    }
    return switch (method + " " + path) {
      case "GET " + ALL + "/" + NAME ->
          version == 0 ? Answer.of(404, "leases \"%s\" not found".formatted(NAME)) : is(200);
      case "POST " + ALL -> created(body);
      case "PATCH " + ALL + "/" + NAME -> changed(body);
      default -> Answer.of(400, "unexpected");
    };
  }

  private Answer created(JsonNode body) {
    if (!body.at("/metadata/name").asText().equals(NAME)
        || !body.path("apiVersion").asText().equals("coordination.k8s.io/v1")
        || holder(body).isEmpty()) {
      return Answer.of(400, "unexpected: " + body);
    }
    if (version > 0) {
      return Answer.of(409, "it is there");
    }
    lease = (ObjectNode) body.deepCopy();
    return now(201);
  }

  private Answer changed(JsonNode body) {
    if (!body.at("/metadata/resourceVersion").asText().equals("" + version)) {
      return Answer.of(409, "it was changed meanwhile");
    }
    var before = holder(lease);
    var after = holder(body);
    var ends = body.at("/spec/holderIdentity").isNull();
    if (!ends && (after.isEmpty() || !before.isEmpty() && !before.equals(after))) {
      return Answer.of(400, "it is the turn of '%s': %s".formatted(before, body));
    }
    var spec = lease.withObject("/spec");
    body.path("spec")
        .properties()
        .forEach(field -> {
          spec.set(field.getKey(), field.getValue());
          if (field.getValue().isNull()) {
            spec.remove(field.getKey());
          }
        });
    return now(200);
  }

  private static String holder(JsonNode of) {
    return of.at("/spec/holderIdentity").asText("");
  }

  private Answer now(int code) {
    version++;
    lease.withObject("/metadata").put("resourceVersion", "" + version);
    return is(code);
  }

  private Answer is(int code) {
    return new Answer(code, lease.deepCopy());
  }
}
