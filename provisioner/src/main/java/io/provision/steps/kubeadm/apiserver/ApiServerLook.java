package io.provision.steps.kubeadm.apiserver;

import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import io.provision.step.Kind;
import io.provision.step.Question;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the API server of a control plane is started with, by its manifest.
 *
 * @param holdsCluster whether a datastore lies there
 * @param isMade whether there is a manifest, and kubeadm was not ended while it made all of them:
 *     it is whole then
 * @param options those that are about Secrets and the log, by their names
 */
public record ApiServerLook(boolean holdsCluster, boolean isMade, Map<String, String> options) {
  private static final ShellFunction LOOK =
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

  public static final Question<ApiServerLook> QUESTION =
      Question.of(Kind.single(LOOK, ApiServerLook::read));

  public ApiServerLook {
    options = Map.copyOf(options);
  }

  private static ApiServerLook read(Frame frame) {
    var options = new LinkedHashMap<String, String>();
    var lines = List.of(frame.output().split("\n"));
    for (var line : lines) {
      var words = line.split("[ =]", 3);
      if (words.length == 3 && words[0].equals("option")) {
        options.putIfAbsent(words[1], words[2]);
      }
    }
    return new ApiServerLook(lines.contains("member=yes"), lines.contains("made=yes"), options);
  }

  /** Whether there is a control plane whose settings stay as they are. */
  public boolean isLiving() {
    return holdsCluster && isMade;
  }

  boolean encrypts() {
    return options.containsKey(ApiServerOptions.ENCRYPTION);
  }
}
