package io.provision.steps.kubeadm.apiserver;

import io.provision.model.Sha256;
import io.provision.remote.ShellFunction;
import io.provision.resource.Directory;
import io.provision.resource.FileMode;
import io.provision.resource.FileState;
import io.provision.resource.FileTransfer;
import io.provision.resource.Files;
import io.provision.step.Output;
import io.provision.step.Question;
import java.util.List;

/**
 * The key of a cluster's Secrets, by the digest of the file that holds it. It is of 256 random
 * bits, so that a digest gives nothing away. The file is made once and never written anew: whoever
 * made another one could not read what is in the datastore.
 */
record EncryptionKey(Sha256 file) {
  static final Directory FOLDER =
      Directory.of("/etc/kubernetes/encryption").withMode(new FileMode(0700));

  /** An EncryptionConfiguration; {@code kubeadm reset} leaves it alone. */
  static final String FILE = FOLDER.path() + "/config.yaml";

  static final Question<FileState> LOOK = Files.at(FILE);

  /** The one that every control plane should have. */
  static final Output<EncryptionKey> OUTPUT = new Output<>("encryption-key", EncryptionKey.class);

  /**
   * {@code make_encryption_key PROVIDER}: where there is none. What was not encrypted before stays
   * readable (kubernetes.io/docs/tasks/administer-cluster/encrypt-data).
   */
  static final ShellFunction MAKE =
      new ShellFunction(
          "make_encryption_key",
          """
          file=/etc/kubernetes/encryption/config.yaml
          [ ! -e "$file" ] || {
            echo "$file is there meanwhile, and is never written anew" >&2
            return 1
          }
          (umask 077 && try mkdir -p -- "${file%/*}") || return
          key=$(head -c 32 /dev/urandom | base64 | tr -d '\\n')
          [ "${#key}" -eq 44 ] || {
            echo "/dev/urandom gave no key" >&2
            return 1
          }
          (umask 077 && put_text "$file" "# Made by provision, once. Keep a copy where nobody else can read it: without this key no Secret
          # of the cluster can be read.
          apiVersion: apiserver.config.k8s.io/v1
          kind: EncryptionConfiguration
          resources:
            - resources: [secrets]
              providers:
                - $1:
                    keys:
                      - name: first
                        secret: $key
                - identity: {}
          ")\
          """,
          List.of(FileTransfer.PUT_TEXT));
}
