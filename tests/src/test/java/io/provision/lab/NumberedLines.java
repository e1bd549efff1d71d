package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeSet;

/**
 * What a client appends to a file of {@link SharedVolume}: it numbers its lines, and what was
 * written and synced is noted on a disk of its own, with its time.
 *
 * @param storage the hosts with bricks
 */
record NumberedLines(Node client, List<Node> storage) {
  /** How many entries of the volume wait to be healed, as its pool says it. */
  static final String PENDING =
      "gluster --mode=script --xml volume heal shared info summary | sed -n 's:.*<totalNumberOfEntries>\\(.*\\)</totalNumberOfEntries>:\\1:p' | sort -u";

  private static final String WRITER =
      """
      cat >/usr/local/bin/writer <<'END'
      #!/bin/sh
      i=0
      while :; do
        i=$((i + 1))
        echo "line $i" >>%s/lines && sync %1$s/lines && echo "$i $(date +%%s%%3N)" >>/root/acknowledged
        sleep 0.2
      done
      END
      chmod +x /usr/local/bin/writer
      setsid sh -c 'echo $$ >/root/writer.pid; exec /usr/local/bin/writer' >/root/writer.log 2>&1 </dev/null &
      """
          .formatted(SharedVolume.MOUNT);

  private static final String LONGEST =
      "awk 'NR > 1 && $2 - before > longest { longest = $2 - before } { before = $2 } END { print longest + 0 }' /root/acknowledged";

  private static final String LOST =
      "sed 's/ .*//; s/^/line /' /root/acknowledged | sort >/root/a; sort %s/lines >/root/b; comm -23 /root/a /root/b"
          .formatted(SharedVolume.MOUNT);

  void begin() {
    client.sh(WRITER);
    client.await("lines", "[ -s /root/acknowledged ]");
  }

  void end() {
    client.sh("kill $(cat /root/writer.pid)");
  }

  /** All that was acknowledged is there, in equal copies. */
  void nothingIsLost() {
    assertThat(client.sh(LOST)).as("lines that were acknowledged and are not there").isEmpty();
    storage.getFirst().await("healed data", "[ \"$(%s)\" = 0 ]".formatted(PENDING));
    var copies = new TreeSet<String>();
    storage.forEach(
        node -> copies.add(node.sh("sha256sum <%s/lines".formatted(SharedVolume.BRICK))));
    assertThat(copies).as("copies").hasSize(1);
    System.out.printf(
        "%s lines were acknowledged, the longest time between two was %s ms%n",
        client.sh("wc -l </root/acknowledged").strip(), client.sh(LONGEST).strip());
  }

  /** What it complained of. */
  String errors() {
    return client.sh("cat /root/writer.log");
  }
}
