package io.provision.steps.kubernetes;

import io.provision.remote.Call;
import io.provision.remote.ShellFunction;
import io.provision.step.Kind;
import io.provision.step.Question;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * kubectl on a server, as its administrator: never a program that unpacks itself or writes a cache
 * when it is called, since looks call it. It asks the API server of its own host, whatever its
 * kubeconfig names: that another one answers says nothing of this one.
 *
 * @param program path of kubectl
 * @param kubeconfig path of an administrator's kubeconfig, for root alone
 */
public record Kubectl(String program, String kubeconfig) {

  /**
   * {@code admin_kubectl PROGRAM KUBECONFIG ARGUMENT...}; 1 where one of both is not there. In the
   * place of a program that is not there yet the one of a package does. It is ended after {@code
   * kubectl_limit} seconds where that is set: no timeout of its own bounds what it runs in a
   * container.
   */
  public static final ShellFunction ADMIN =
      new ShellFunction(
          "admin_kubectl",
          """
          kubectl=$1 admin=$2
          [ -x "$kubectl" ] || kubectl=/usr/bin/kubectl
          [ -x "$kubectl" ] && [ -f "$admin" ] || return 1
          shift 2
          KUBECONFIG=$admin ${kubectl_limit:+timeout "$kubectl_limit"} "$kubectl" --server=https://127.0.0.1:6443 --tls-server-name=kubernetes \\
            --cache-dir=/dev/null/none --request-timeout=10s "$@"\
          """);

  private static final ShellFunction LOOK_NODES =
      new ShellFunction(
          "look_nodes",
          "admin_kubectl \"$1\" \"$2\" get nodes,persistentvolumes -o \"go-template=$3\"",
          List.of(ADMIN));

  private static final Kind<Map<String, NodeObject>> NODES =
      Kind.single(LOOK_NODES, frame -> NodeObject.parse(frame.ok() ? frame.output() : ""));

  /**
   * The nodes by name with the volumes that are on one alone, as this server's API says; none where
   * it does not answer.
   */
  public Question<Map<String, NodeObject>> nodes() {
    return Question.of(NODES, program, kubeconfig, NodeObject.TEMPLATE);
  }

  /** A call of a function whose first two arguments are these two paths. */
  public Call call(ShellFunction function, String... more) {
    return Call.of(function, arguments(more));
  }

  /** These two paths, and what a function takes besides. */
  public String[] arguments(String... more) {
    return Stream.concat(Stream.of(program, kubeconfig), Stream.of(more)).toArray(String[]::new);
  }
}
