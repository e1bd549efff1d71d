package io.provision.steps.kubeadm.apiserver;

import io.provision.remote.Call;
import io.provision.remote.ShellFunction;
import io.provision.resource.Directory;
import io.provision.resource.FileMode;
import io.provision.step.Question;
import io.provision.steps.kubernetes.apiserver.ApiServerLook;
import io.provision.steps.kubernetes.apiserver.EncryptionPlace;

/** The API server of a control plane: what its manifest says, and what it says itself. */
public final class KubeadmApiServer {
  /** {@code kubeadm reset} leaves it alone. */
  static final Directory KEYS =
      Directory.of("/etc/kubernetes/encryption").withMode(new FileMode(0700));

  /** The EncryptionConfiguration. */
  public static final String KEY_FILE = KEYS.path() + "/config.yaml";

  /** It is whole where kubeadm was not ended while it made all of the manifests. */
  private static final ShellFunction LOOK_FUNCTION =
      new ShellFunction(
          "look_api_server",
          """
          [ -e /var/lib/etcd/member ] && echo member=yes
          manifest=/etc/kubernetes/manifests/kube-apiserver.yaml
          if [ -f "$manifest" ]; then
            [ -e /etc/kubernetes/provision/begun ] || [ -e /etc/kubernetes/provision/joining ] || echo made=yes
            head -c 100000 "$manifest" |
              sed -n 's/^ *- *"\\{0,1\\}--\\(encryption-provider-config\\|encryption-provider-config-automatic-reload\\|audit-[a-z-]*\\)=\\([^"]*\\)"\\{0,1\\}$/option \\1=\\2/p'
          fi
          return 0\
          """);

  public static final Question<ApiServerLook> LOOK = ApiServerLook.by(LOOK_FUNCTION);

  /** {@code say_not_loaded}: what its API server says of the file. */
  private static final ShellFunction NOT_LOADED =
      new ShellFunction(
          "say_not_loaded",
          """
          tail -q -c 100000 /var/log/pods/kube-system_kube-apiserver-*/kube-apiserver/*.log 2>/dev/null |
            tr -d '\\000' | grep 'encryption config' | tail -n 1 | cut -c 1-400
          return 0\
          """);

  public static final EncryptionPlace ENCRYPTION =
      new EncryptionPlace(
          KEY_FILE, "/etc/kubernetes/provision/rewrite.log", LOOK, Call.of(NOT_LOADED));

  private KubeadmApiServer() {}
}
