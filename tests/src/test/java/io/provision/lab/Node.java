package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.testcontainers.containers.GenericContainer;

/** One host, seen from beside: through the container engine, never over SSH. */
record Node(String name, String address, GenericContainer<?> container) {
  /** Only ends what hangs: two minutes at least, however loaded the machine is. */
  private static final int PATIENCE = 600;

  /** What a script printed; it must succeed. */
  String sh(String script) {
    try {
      var result = container.execInContainer("sh", "-c", script);
      assertThat(result.getExitCode()).as("%s: %s%n%s", name, script, result).isZero();
      return result.getStdout();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  boolean succeeds(String script) {
    return sh("if (" + script + ") >/dev/null 2>&1; then echo yes; else echo no; fi")
        .strip()
        .equals("yes");
  }

  /** How many commands were started over SSH since the node was made. */
  int execs() {
    var count =
        sh(
            "journalctl --sync; journalctl -t sshd -t sshd-session -o cat"
                + " | grep -c '^Starting session: command' || :");
    return Integer.parseInt(count.strip());
  }

  /** Starts something that goes on after this returns. */
  void background(String script) {
    try {
      var client = container.getDockerClient();
      var exec =
          client.execCreateCmd(container.getContainerId()).withCmd("sh", "-c", script).exec();
      client
          .execStartCmd(exec.getId())
          .withDetach(true)
          .exec(new com.github.dockerjava.api.async.ResultCallback.Adapter<>())
          .awaitCompletion();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  void await(String what, String script) {
    for (var i = 0; i < PATIENCE; i++) {
      if (answers(script)) {
        return;
      }
      Pause.milliseconds(200);
    }
    throw new AssertionError(name + ": still no " + what + ": " + sh("journalctl -n 20"));
  }

  /** As {@link #succeeds}; no where it is down, or on its way. */
  boolean answers(String script) {
    try {
      return succeeds(script);
    } catch (RuntimeException | AssertionError _) {
      return false;
    }
  }

  /** Lines for known_hosts, read beside the network. */
  String hostKeys() {
    var lines = new StringBuilder();
    sh("cat /etc/ssh/ssh_host_*_key.pub")
        .lines()
        .map(line -> line.split(" "))
        .forEach(
            part -> lines.append("%s,[%1$s]:2222 %s %s%n".formatted(address, part[0], part[1])));
    return lines.toString();
  }

  void reboot() {
    var before = started();
    background("sleep 1; systemctl reboot");
    for (var i = 0; i < PATIENCE; i++) {
      Pause.milliseconds(200);
      try {
        if (!started().equals(before)) {
          await("sshd", "systemctl is-active ssh");
          return;
        }
      } catch (RuntimeException | AssertionError _) {
        continue; // it is down, or on its way
      }
    }
    throw new AssertionError(name + " did not come back");
  }

  /** It stays down. */
  void powerOff() {
    container.getDockerClient().stopContainerCmd(container.getContainerId()).exec();
  }

  void powerOn() {
    container.getDockerClient().startContainerCmd(container.getContainerId()).exec();
    await("sshd", "systemctl is-active ssh");
  }

  private String started() {
    return sh("sed 's/.*) //' /proc/1/stat | cut -d' ' -f20");
  }
}
