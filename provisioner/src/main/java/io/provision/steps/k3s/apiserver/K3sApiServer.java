package io.provision.steps.k3s.apiserver;

import io.provision.remote.Call;
import io.provision.remote.ShellFunction;
import io.provision.step.Question;
import io.provision.steps.kubernetes.apiserver.ApiServerLook;
import io.provision.steps.kubernetes.apiserver.EncryptionPlace;

/** The API server within k3s: what its configuration says, and what it says itself. */
public final class K3sApiServer {
  private static final String KEYS = "/etc/rancher/k3s/encryption";

  /** The EncryptionConfiguration. */
  public static final String KEY_FILE = KEYS + "/config.yaml";

  /** In whatever form the operator has written it, and in whichever of the files. */
  private static final ShellFunction LOOK_FUNCTION =
      new ShellFunction(
          "look_k3s_api_server",
          """
          for db in etcd state.db; do
            [ -e "/var/lib/rancher/k3s/server/db/$db" ] && echo member=yes
          done
          [ -f /etc/rancher/k3s/config.yaml ] && echo made=yes
          cat /etc/rancher/k3s/config.yaml /etc/rancher/k3s/config.yaml.d/*.yaml 2>/dev/null | head -c 200000 | tr -d '\\000' |
            grep -v '^ *#' | grep -o "encryption-provider-config[a-z-]*=[^]\\"' ,]*" | sed 's/^/option /'
          return 0\
          """);

  public static final Question<ApiServerLook> LOOK = ApiServerLook.by(LOOK_FUNCTION);

  /** {@code say_k3s_not_loaded}: what its API server says of the file. */
  private static final ShellFunction NOT_LOADED =
      new ShellFunction(
          "say_k3s_not_loaded",
          """
          journalctl --no-pager -o cat -n 5000 -u k3s.service 2>/dev/null |
            tr -d '\\000' | grep 'encryption config' | tail -n 1 | cut -c 1-400
          return 0\
          """);

  /** The EncryptionConfiguration lies in a folder of its own, for root alone. */
  public static final EncryptionPlace ENCRYPTION =
      new EncryptionPlace(KEY_FILE, KEYS + "/rewrite.log", LOOK, Call.of(NOT_LOADED));

  private K3sApiServer() {}
}
