package io.provision.steps.gluster.answers;

import java.util.List;
import java.util.Optional;

/** What {@code gluster volume status} says of one volume's processes and tasks. */
public record VolumeStatus(String name, List<Process> processes, List<Task> tasks) {
  public static final String SELF_HEAL = "Self-heal Daemon";

  public VolumeStatus {
    processes = List.copyOf(processes);
    tasks = List.copyOf(tasks);
  }

  /**
   * A brick, or a daemon.
   *
   * @param host of a brick; the daemon's kind otherwise
   * @param path of a brick; the daemon's host otherwise
   * @param uuid of the host it runs on
   * @param port it listens at; empty where it does not
   */
  public record Process(
      String host, String path, String uuid, boolean online, Optional<Integer> port) {
    /** One that listens nowhere. */
    public Process(String host, String path, String uuid, boolean online) {
      this(host, path, uuid, online, Optional.empty());
    }

    boolean isBrick() {
      return path.startsWith("/");
    }

    boolean isSelfHeal() {
      return host.equals(SELF_HEAL);
    }
  }

  /**
   * A rebalance, or the removal of bricks.
   *
   * @param bricks those that are removed
   */
  public record Task(String type, String status, List<String> bricks) {
    public static final String REMOVAL = "Remove brick";

    public Task {
      bricks = List.copyOf(bricks);
    }

    public boolean isRemovalOf(java.util.Collection<String> some) {
      return type.equals(REMOVAL)
          && java.util.Set.copyOf(bricks).equals(java.util.Set.copyOf(some));
    }

    public boolean isRunning() {
      return !List.of("completed", "stopped", "failed", "not started").contains(status);
    }
  }

  /** The process of a brick; empty where the answer has none, as for a host that is away. */
  public Optional<Process> brick(VolumeInfo.Brick brick) {
    return processes.stream()
        .filter(Process::isBrick)
        .filter(it -> it.uuid().equals(brick.uuid()) && it.path().equals(brick.path()))
        .findFirst();
  }

  /** Whether the self-heal daemon of this host runs. */
  public boolean heals(String uuid) {
    return processes.stream()
        .filter(Process::isSelfHeal)
        .filter(it -> it.uuid().equals(uuid))
        .anyMatch(Process::online);
  }

  /** Reads the answer about one volume; one about none or several is unknown. */
  public static Reading<VolumeStatus> read(String answer) {
    return GlusterXml.read(
        answer,
        root -> {
          var all = root.one("volStatus").one("volumes").all("volume");
          if (all.size() != 1) {
            throw new GlusterXml.Malformed("the answer is about %d volumes".formatted(all.size()));
          }
          return volume(all.getFirst());
        });
  }

  private static VolumeStatus volume(GlusterXml xml) {
    var processes = xml.all("node").stream().map(VolumeStatus::process).toList();
    if (processes.size() != xml.number("nodeCount")) {
      throw new GlusterXml.Malformed("the count of processes is not that of what follows");
    }
    var tasks = xml.one("tasks").all("task").stream().map(VolumeStatus::task).toList();
    return new VolumeStatus(xml.text("volName"), processes, tasks);
  }

  private static Task task(GlusterXml xml) {
    var bricks =
        xml.find("params").stream()
            .flatMap(it -> it.all("brick").stream())
            .map(GlusterXml::own)
            .toList();
    return new Task(xml.text("type"), xml.text("statusStr"), bricks);
  }

  private static Process process(GlusterXml xml) {
    return new Process(
        xml.text("hostname"),
        xml.text("path"),
        xml.text("peerid"),
        xml.number("status") == 1,
        xml.numberIfThere("port"));
  }
}
