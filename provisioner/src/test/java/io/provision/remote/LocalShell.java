package io.provision.remote;

import io.provision.model.Host;
import io.provision.ssh.Pipe;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * A transport whose hosts are real shells on this machine, each with a run directory of its own. It
 * counts execs, and can lose the connection at any of them.
 */
public final class LocalShell implements Transport {
  private final Path runDirectories;
  private final List<String> commands = new CopyOnWriteArrayList<>();
  private final List<String> down = new CopyOnWriteArrayList<>();
  private final Set<Long> sessions = ConcurrentHashMap.newKeySet();

  public LocalShell(Path runDirectories) {
    this.runDirectories = runDirectories;
  }

  /** Every command that was executed, with its host before it. */
  public List<String> commands() {
    return commands;
  }

  /** From now on this host does not answer. */
  public void takeDown(String host) {
    down.add(host);
  }

  public boolean isDown(String host) {
    return down.contains(host);
  }

  @Override
  public Connection connect(Host host) throws RemoteException {
    if (isDown(host.name().value())) {
      throw new RemoteException.Unreachable("it does not answer", "start it", null);
    }
    return new LocalConnection(host.name().value());
  }

  @Override
  public void trust(Collection<RemoteException.HostKeyUnknown> keys) {
    throw new UnsupportedOperationException("local shells have no host keys");
  }

  /**
   * Ends what still runs here, as switching the hosts off does, and returns when nothing does: who
   * has lost a connection leaves its command running, which would go on writing.
   */
  @Override
  public void close() {
    for (var left = running(); !left.isEmpty(); left = running()) {
      left.forEach(ProcessHandle::destroyForcibly);
      Thread.onSpinWait();
    }
  }

  private List<ProcessHandle> running() {
    return ProcessHandle.allProcesses().filter(each -> isOurs(each.pid())).toList();
  }

  /**
   * By its session id, which children inherit and keep when their parents end: proc_pid_stat(5).
   */
  private boolean isOurs(long pid) {
    try {
      var stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return !fields[0].equals("Z") && sessions.contains(Long.valueOf(fields[3]));
    } catch (IOException e) {
      return false; // it has ended meanwhile
    }
  }

  private final class LocalConnection implements Connection {
    private final String host;

    LocalConnection(String host) {
      this.host = host;
    }

    @Override
    public RemoteProcess exec(String command) throws RemoteException {
      commands.add(host + ": " + command);
      var own = command.replace("d=/run/provision;", "d=" + runDirectories.resolve(host) + ";");
      try {
        var process = new ProcessBuilder("setsid", "/bin/sh", "-c", own).start();
        sessions.add(process.pid());
        return new LocalProcess(process);
      } catch (IOException e) {
        throw new RemoteException.Lost("no shell: " + e.getMessage(), e);
      }
    }

    @Override
    public String user() {
      return "root";
    }

    @Override
    public Costs costs() {
      return new Costs(Duration.ZERO, Duration.ZERO, Duration.ZERO, 0, 0);
    }

    @Override
    public void close() {}
  }

  /** Its output comes as that of a channel does: whoever waits for it can be woken. */
  private record LocalProcess(Process process, InputStream stdout) implements RemoteProcess {
    LocalProcess(Process process) {
      var pipe = Pipe.blocking(1 << 20);
      Thread.ofPlatform()
          .daemon()
          .start(() -> {
            var buffer = new byte[8192];
            try (var out = process.getInputStream()) {
              for (var count = out.read(buffer); count >= 0; count = out.read(buffer)) {
                pipe.write(buffer, 0, count);
              }
            } catch (IOException _) {
              // the process was given up
            } finally {
              pipe.end();
            }
          });
      this(process, pipe.stream());
    }

    @Override
    public OutputStream stdin() {
      return process.getOutputStream();
    }

    @Override
    public InputStream stderr() {
      return process.getErrorStream();
    }

    @Override
    public Exit waitFor() throws RemoteException, InterruptedException {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        throw new RemoteException.Lost("it does not end", null);
      }
      return new Exit.Status(process.exitValue());
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }
}
