package io.provision.steps.kubeadm.apiserver;

import io.provision.model.Cluster;
import io.provision.steps.kubernetes.apiserver.Audit;
import io.provision.steps.kubernetes.apiserver.EncryptionPlace;
import io.provision.steps.kubernetes.apiserver.EncryptionSection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a ClusterConfiguration says of its API servers for {@code encryption} and {@code audit}.
 * Directories are mounted, not files: a file that is replaced by a rename would stay the old one
 * inside. One that is not there ends the start, instead of being made empty.
 *
 * @param options of the API server, by their names
 * @param readable directories that it reads, by the names of their volumes
 * @param writable those that it writes
 */
public record ApiServerOptions(
    Map<String, String> options, Map<String, String> readable, Map<String, String> writable) {
  public ApiServerOptions {
    options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
    readable = Collections.unmodifiableMap(new LinkedHashMap<>(readable));
    writable = Collections.unmodifiableMap(new LinkedHashMap<>(writable));
  }

  /** In a stable order; nothing where the inventory asks for neither. */
  public static ApiServerOptions of(Cluster cluster) {
    var options = new LinkedHashMap<String, String>();
    var readable = new LinkedHashMap<String, String>();
    var writable = new LinkedHashMap<String, String>();
    EncryptionSection.of(cluster)
        .ifPresent(_ -> {
          options.put(EncryptionPlace.OPTION, KubeadmApiServer.KEY_FILE);
          options.put(EncryptionPlace.RELOAD, "true");
          readable.put("provision-encryption", KubeadmApiServer.KEYS.path());
        });
    Audit.of(cluster)
        .ifPresent(audit -> {
          options.putAll(audit.options(KubeadmAudit.policy(audit).path()));
          readable.put("provision-audit-policy", KubeadmAudit.FOLDER.path());
          writable.put("provision-audit-log", Audit.LOGS.path());
        });
    return new ApiServerOptions(options, readable, writable);
  }
}
