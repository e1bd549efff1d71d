package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

/** Every execve below a node's sshd, with its arguments and environment, while it is open. */
final class Trace {
  private final Node node;

  Trace(Node node) {
    this.node = node;
    node.sh("rm -f /var/log/trace");
    node.background(
        "exec strace -f -v -xx -s 65535 -e trace=execve -o /var/log/trace"
            + " -p $(systemctl show -P MainPID ssh)");
    node.await(
        "strace", "grep -q 'TracerPid:.*[1-9]' /proc/$(systemctl show -P MainPID ssh)/status");
  }

  /** What was traced; it is something. */
  String end() {
    node.sh(
        "kill -INT $(sed -n 's/^TracerPid:.//p' /proc/$(systemctl show -P MainPID ssh)/status)");
    node.await("end of strace", "! pgrep -x strace");
    var text = node.sh("cat /var/log/trace");
    assertThat(text.lines().filter(line -> line.contains("execve("))).hasSizeGreaterThan(10);
    return text;
  }
}
