package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A pod that appends numbered lines to a file of {@link SharedVolume}; what was written and synced
 * it notes on the disk of the node that it runs on. It would rather be on one node, and goes on
 * elsewhere while that one is away. Its programs are those of the node.
 */
record WritingPod(Node server, String kubectl, List<Node> nodes) {
  private static final String NOTED = "/var/lib/noted";

  private static final String WORKLOAD =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: { name: writer }
      spec:
        replicas: 1
        strategy: { type: Recreate }
        selector: { matchLabels: { app: writer } }
        template:
          metadata: { labels: { app: writer } }
          spec:
            terminationGracePeriodSeconds: 2
            affinity:
              nodeAffinity:
                preferredDuringSchedulingIgnoredDuringExecution:
                  - weight: 100
                    preference: { matchExpressions: [{ key: kubernetes.io/hostname, operator: In, values: [NODE] }] }
            containers:
              - name: writer
                image: IMAGE
                imagePullPolicy: IfNotPresent
                env: [{ name: PATH, value: /bin }]
                command:
                  - /bin/sh
                  - -c
                  - |
                    trap 'exit 0' TERM
                    i=0
                    while :; do
                      i=$((i + 1))
                      echo "$HOSTNAME $i" >>/data/of-pods && sync /data/of-pods && echo "$HOSTNAME $i $(date +%s%3N)" >>/noted/lines
                      sleep 0.2
                    done
                volumeMounts:
                  - { name: data, mountPath: /data }
                  - { name: noted, mountPath: /noted }
                  - { name: bin, mountPath: /bin, readOnly: true }
                  - { name: lib, mountPath: /lib, readOnly: true }
                  - { name: lib64, mountPath: /lib64, readOnly: true }
            volumes:
              - { name: data, hostPath: { path: DATA, type: Directory } }
              - { name: noted, hostPath: { path: NOTED, type: DirectoryOrCreate } }
              - { name: bin, hostPath: { path: /usr/bin, type: Directory } }
              - { name: lib, hostPath: { path: /usr/lib, type: Directory } }
              - { name: lib64, hostPath: { path: /usr/lib64, type: Directory } }
      """;

  /**
   * Begins it.
   *
   * @param rather on which node
   * @param nodes all that it may run on
   */
  static WritingPod begin(RealCluster cluster, Node server, Node rather, List<Node> nodes) {
    var workload =
        WORKLOAD
            .replace("NODE", rather.name())
            .replace("IMAGE", cluster.listeningImage())
            .replace("DATA", SharedVolume.MOUNT)
            .replace("NOTED", NOTED);
    cluster.kubectl(server, "apply -f - <<'END'\n" + workload + "END");
    rather.await("a line", "[ -s " + NOTED + "/lines ]");
    return new WritingPod(server, cluster.kubectl(), List.copyOf(nodes));
  }

  /** Ends it; all that was noted is there. */
  void endsAndNothingIsLost() {
    server.sh(kubectl + " scale deployment/writer --replicas=0");
    server.await("its end", "[ -z \"$(%s get pods -l app=writer -o name)\" ]".formatted(kubectl));
    var times = new TreeMap<Long, String>();
    var on = new TreeMap<String, Integer>();
    for (var node : nodes) {
      var lines = node.sh("cat %s/lines 2>/dev/null || :".formatted(NOTED)).lines().toList();
      for (var line : lines) {
        var words = line.split(" ");
        times.put(Long.valueOf(words[2]), words[0] + " " + words[1]);
      }
      if (!lines.isEmpty()) {
        on.put(node.name(), lines.size());
      }
    }
    var written =
        new TreeSet<>(server.sh("cat %s/of-pods".formatted(SharedVolume.MOUNT)).lines().toList());
    assertThat(lost(times.values(), written))
        .as("lines that were noted and are not there")
        .isEmpty();
    assertThat(on).as("it was moved, and came again").hasSizeGreaterThan(1);
    System.out.printf(
        "lines of the pod that were noted, by node: %s; the longest time between two: %d ms%n",
        on, longest(times.keySet()));
  }

  private static List<String> lost(Collection<String> noted, Collection<String> written) {
    return noted.stream().filter(line -> !written.contains(line)).toList();
  }

  private static long longest(Collection<Long> times) {
    var longest = 0L;
    var before = -1L;
    for (var time : times) {
      longest = before < 0 ? 0 : Math.max(longest, time - before);
      before = time;
    }
    return longest;
  }
}
