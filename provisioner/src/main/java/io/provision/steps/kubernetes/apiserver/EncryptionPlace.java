package io.provision.steps.kubernetes.apiserver;

import io.provision.remote.Call;
import io.provision.step.Question;

/**
 * In which way API servers of a distribution encrypt Secrets: all that differs between them.
 *
 * @param file path of the EncryptionConfiguration, in a folder of its own
 * @param log path of what is noted while Secrets are written anew
 * @param look what its API server is started with
 * @param words prints what its API server says of the file
 */
public record EncryptionPlace(String file, String log, Question<ApiServerLook> look, Call words) {
  /** The option of every API server that names the file. */
  public static final String OPTION = "encryption-provider-config";

  /** A file that has changed is in use a minute later, without a restart. */
  public static final String RELOAD = "encryption-provider-config-automatic-reload";
}
