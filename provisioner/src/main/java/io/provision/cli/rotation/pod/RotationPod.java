package io.provision.cli.rotation.pod;

import io.provision.cli.run.OwnPod;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A pod that runs the program: by nobody's user id, with nothing that it could write to but memory,
 * and with the files of the operator's machine at the same paths. What a Secret holds belongs to
 * root, and keys that others could read are refused: so a container that ends before copies them.
 *
 * @param names of the objects it goes with
 * @param labels of the pod
 * @param command the program with its arguments
 * @param environment what it finds there besides
 */
record RotationPod(
    PodNames names,
    String image,
    Map<String, String> labels,
    List<String> command,
    Map<String, String> environment,
    List<BroughtFile> files) {
  static final String CONTAINER = "rotation";

  private static final String BROUGHT = "/brought";
  private static final long NOBODY = 65532;

  /** As kubelet mounts it where a pod asks for it. */
  private static final String ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

  private static final int TOKEN_SECONDS = 3600;

  /** A node in hand is finished, where an end is asked for. */
  private static final int GRACE_SECONDS = 3600;

  /** {@code sh -c COPY sh KEY...}: as a user writes them who is careful. */
  private static final String COPY =
      "umask 077; for file; do cp \"/given/$file\" \"/brought/$file\" || exit; done";

  RotationPod {
    labels = Map.copyOf(labels);
    command = List.copyOf(command);
    environment = new java.util.TreeMap<>(environment);
    files = List.copyOf(files);
  }

  Map<String, Object> template() {
    return Map.of("metadata", Map.of("labels", labels), "spec", spec());
  }

  private Map<String, Object> spec() {
    var spec = new LinkedHashMap<String, Object>();
    spec.put("serviceAccountName", names.base());
    spec.put("automountServiceAccountToken", false);
    spec.put("restartPolicy", "Never");
    spec.put("terminationGracePeriodSeconds", GRACE_SECONDS);
    spec.put("enableServiceLinks", false);
    spec.put(
        "securityContext",
        Map.of(
            "runAsNonRoot",
            true,
            "runAsUser",
            NOBODY,
            "runAsGroup",
            NOBODY,
            "fsGroup",
            NOBODY,
            "seccompProfile",
            Map.of("type", "RuntimeDefault")));
    spec.put(
        "tolerations",
        List.of(
            Map.of(
                "key",
                "node-role.kubernetes.io/control-plane",
                "operator",
                "Exists",
                "effect",
                "NoSchedule")));
    spec.put("initContainers", List.of(copying()));
    spec.put("containers", List.of(running()));
    spec.put("volumes", volumes());
    return spec;
  }

  private Map<String, Object> copying() {
    var command = new ArrayList<>(List.of("sh", "-c", COPY, "sh"));
    files.forEach(it -> command.add(it.key()));
    var container = container("files", command);
    container.put(
        "volumeMounts", List.of(mount("given", "/given", true), mount("brought", BROUGHT, false)));
    container.put("resources", resources("10m", "16Mi", "64Mi"));
    return container;
  }

  private Map<String, Object> running() {
    var container = container(CONTAINER, command);
    container.put("env", variables());
    container.put("workingDir", "/tmp");
    container.put(
        "volumeMounts",
        Stream.concat(
                Stream.of(mount("tmp", "/tmp", false), mount("account", ACCOUNT, true)),
                files.stream().map(RotationPod::mounted))
            .toList());
    container.put("resources", resources("100m", "256Mi", "768Mi"));
    return container;
  }

  private Map<String, Object> container(String name, List<String> command) {
    var container = new LinkedHashMap<String, Object>();
    container.put("name", name);
    container.put("image", image);
    container.put("command", command);
    container.put(
        "securityContext",
        Map.of(
            "allowPrivilegeEscalation",
            false,
            "readOnlyRootFilesystem",
            true,
            "capabilities",
            Map.of("drop", List.of("ALL"))));
    return container;
  }

  private static Map<String, Object> resources(String cpu, String memory, String most) {
    return Map.of(
        "requests", Map.of("cpu", cpu, "memory", memory), "limits", Map.of("memory", most));
  }

  private static Map<String, Object> mount(String volume, String path, boolean readOnly) {
    var mount = new LinkedHashMap<String, Object>();
    mount.put("name", volume);
    mount.put("mountPath", path);
    if (readOnly) {
      mount.put("readOnly", true);
    }
    return mount;
  }

  private static Map<String, Object> mounted(BroughtFile file) {
    var mount = mount("brought", file.path().toString(), false);
    mount.put("subPath", file.key());
    return mount;
  }

  private List<Map<String, Object>> variables() {
    var variables = new ArrayList<Map<String, Object>>();
    environment.forEach((name, value) -> variables.add(variable(name, value)));
    variables.add(variable(OwnPod.CRON_JOB, names.cronJob()));
    variables.add(field(OwnPod.NAMESPACE, "metadata.namespace"));
    variables.add(field(OwnPod.NODE, "spec.nodeName"));
    return variables;
  }

  static Map<String, Object> variable(String name, String value) {
    return Map.of("name", name, "value", value);
  }

  private static Map<String, Object> field(String name, String path) {
    return Map.of("name", name, "valueFrom", Map.of("fieldRef", Map.of("fieldPath", path)));
  }

  private List<Map<String, Object>> volumes() {
    var given =
        List.of(
            Map.of("secret", Map.of("name", names.base())),
            Map.of("configMap", Map.of("name", names.base())));
    var account =
        List.of(
            Map.of(
                "serviceAccountToken", Map.of("path", "token", "expirationSeconds", TOKEN_SECONDS)),
            Map.of(
                "configMap",
                Map.of(
                    "name",
                    "kube-root-ca.crt",
                    "items",
                    List.of(Map.of("key", "ca.crt", "path", "ca.crt")))));
    return List.of(
        Map.of("name", "given", "projected", Map.of("defaultMode", 0440, "sources", given)),
        Map.of("name", "brought", "emptyDir", inMemory()),
        Map.of("name", "tmp", "emptyDir", inMemory()),
        Map.of("name", "account", "projected", Map.of("defaultMode", 0440, "sources", account)));
  }

  private static Map<String, Object> inMemory() {
    return Map.of("medium", "Memory", "sizeLimit", "64Mi");
  }
}
