package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A workload of three replicas in a real cluster, asked ten times a second by its service: what is
 * done to the cluster meanwhile is felt by whoever asks.
 */
final class ServedLoad {
  /** Three replicas, of which a budget keeps two. */
  private static final String WORKLOAD =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: { name: web }
      spec:
        replicas: 3
        selector: { matchLabels: { app: web } }
        template:
          metadata: { labels: { app: web } }
          spec:
            containers:
              - name: web
                image: IMAGE
                imagePullPolicy: IfNotPresent
                args: [-conf, /etc/web/Corefile]
                readinessProbe: { httpGet: { path: /health, port: 8080 }, periodSeconds: 1 }
                lifecycle: { preStop: { sleep: { seconds: 3 } } }
                volumeMounts: [{ name: web, mountPath: /etc/web }]
            volumes: [{ name: web, configMap: { name: web } }]
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: { name: web }
      data: { Corefile: ".:1053 {\\n health :8080\\n}\\n" }
      ---
      apiVersion: policy/v1
      kind: PodDisruptionBudget
      metadata: { name: web }
      spec: { minAvailable: 2, selector: { matchLabels: { app: web } } }
      ---
      apiVersion: v1
      kind: Service
      metadata: { name: web }
      spec: { clusterIP: ADDRESS, selector: { app: web }, ports: [{ port: 80, targetPort: 8080 }] }
      """;

  /** Ten times a second, a line for each answer that came; the time in milliseconds. */
  private static final String LOAD =
      """
      cat >/usr/local/bin/load <<'END'
      #!/bin/bash
      while :; do
        exec 3<>/dev/tcp/ADDRESS/80 && printf 'GET /health HTTP/1.0\\r\\n\\r\\n' >&3 &&
          read -r -t 1 line <&3 && case $line in *' 200 '*) date +%s%3N ;; esac
        exec 3>&-
        sleep 0.1
      done 2>/dev/null
      END
      chmod +x /usr/local/bin/load
      """;

  /** The longest time without an answer, in milliseconds. */
  private static final String LONGEST =
      "awk 'NR > 1 && $1 - before > longest { longest = $1 - before } { before = $1 } END { print longest + 0, NR }' ";

  private final Node asking;

  private ServedLoad(Node asking) {
    this.asking = asking;
  }

  /**
   * What was answered.
   *
   * @param longest time without an answer, in milliseconds
   * @param answers how many came
   */
  record Answers(int longest, int answers) {
    @Override
    public String toString() {
      return "%d ms (of %d answers)".formatted(longest, answers);
    }
  }

  /**
   * Of the cluster of kubeadm that this control plane is of; this node asks.
   *
   * @param version of CoreDNS, whose image all nodes have
   */
  static ServedLoad of(Node server, Node asking, String version) {
    return of(
        server,
        asking,
        "kubectl --kubeconfig /etc/kubernetes/admin.conf ",
        "registry.k8s.io/coredns/coredns:" + version,
        "10.96.0.80");
  }

  /** Of the cluster of k3s that this server is of, with the image of CoreDNS that it runs. */
  static ServedLoad ofK3s(Node server, Node asking) {
    var image =
        server
            .sh(
                "k3s kubectl -n kube-system get deployment coredns -o 'jsonpath={.spec.template.spec.containers[0].image}'")
            .strip();
    return of(server, asking, "k3s kubectl ", image, "10.43.0.80");
  }

  private static ServedLoad of(
      Node server, Node asking, String kubectl, String image, String address) {
    var workload = WORKLOAD.replace("IMAGE", image).replace("ADDRESS", address);
    server.sh(kubectl + "apply -f - <<'END'\n" + workload + "END");
    server.sh(kubectl + "rollout status deployment/web --timeout=180s");
    asking.sh(LOAD.replace("ADDRESS", address));
    return new ServedLoad(asking);
  }

  /** For a minute. */
  Answers whileNothingHappens() {
    asking.sh("timeout -s KILL 60 /usr/local/bin/load >/root/calm.log || :");
    return answers("/root/calm.log");
  }

  void begin() {
    asking.sh(
        "setsid sh -c 'echo $$ >/root/load.pid; exec /usr/local/bin/load' >/root/load.log 2>&1 </dev/null &");
  }

  Answers end() {
    asking.sh("kill -9 $(cat /root/load.pid)");
    return answers("/root/load.log");
  }

  private Answers answers(String log) {
    var words = asking.sh(LONGEST + log).strip().split(" ");
    var answers = new Answers(Integer.parseInt(words[0]), Integer.parseInt(words[1]));
    assertThat(answers.answers()).as("it is asked").isPositive();
    return answers;
  }
}
