package io.provision.steps.k3s.apiserver;

import io.provision.remote.Call;
import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import io.provision.step.Kind;
import io.provision.step.Question;
import io.provision.steps.kubernetes.apiserver.ApiServerLook;
import io.provision.steps.kubernetes.apiserver.EncryptionPlace;
import java.util.HashMap;
import java.util.List;
import java.util.Set;

/** The API server within k3s: what its configuration says, and what it says itself. */
public final class K3sApiServer {
  private static final String KEYS = "/etc/rancher/k3s/encryption";

  /** The EncryptionConfiguration. */
  public static final String KEY_FILE = KEYS + "/config.yaml";

  /**
   * {@code k3s_options}: what k3s reads of its configuration, whatever form and file that is in,
   * without comments.
   */
  public static final ShellFunction OPTIONS =
      new ShellFunction(
          "k3s_options",
          """
          cat /etc/rancher/k3s/config.yaml /etc/rancher/k3s/config.yaml.d/*.yaml 2>/dev/null |
            head -c 200000 | tr -d '\\000' | grep -v '^ *#'
          return 0\
          """);

  private static final ShellFunction LOOK_FUNCTION =
      new ShellFunction(
          "look_k3s_api_server",
          """
          for db in etcd state.db; do
            [ -e "/var/lib/rancher/k3s/server/db/$db" ] && echo member=yes
          done
          [ -f /etc/rancher/k3s/config.yaml ] && echo made=yes
          k3s_options | grep -o "encryption-provider-config=[^]\\"' ,]*" | sed 's/^/option /'
          return 0\
          """,
          List.of(OPTIONS));

  public static final Question<ApiServerLook> LOOK =
      Question.of(Kind.single(LOOK_FUNCTION, K3sApiServer::read));

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

  /** A file of keys that somebody else has it read is not ours, and is asked for elsewhere. */
  private static ApiServerLook read(Frame frame) {
    var look = ApiServerLook.read(frame);
    var options = new HashMap<>(look.options());
    options.values().retainAll(Set.of(KEY_FILE));
    return new ApiServerLook(look.holdsCluster(), look.isMade(), options);
  }
}
