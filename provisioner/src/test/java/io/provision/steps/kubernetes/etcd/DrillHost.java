package io.provision.steps.kubernetes.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.remote.Call;
import io.provision.remote.Frame;
import io.provision.remote.Script;
import io.provision.resource.LocalHost;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;

/**
 * A living server that is a directory, on which a snapshot is tried. There are no namespaces: what
 * is mounted over a directory takes its place, and the living one lies beside it as {@code
 * NAME.living} afterwards.
 */
public final class DrillHost {
  private static final String RESTORING = "var/lib/provision/etcd/restoring";

  private static final String MOUNT =
      """
      echo "mount $*" >>%1$s/log
      [ "$1" != -o ] || exit 0
      [ "$1" = --rbind ] || exec cp -R "$2/." "$3/"
      mv "$3" "$3.living" && ln -s "$2" "$3"
      """;

  private final Path root;
  private final Path archive;
  private final String snapshot;

  public DrillHost(Path root) throws IOException {
    this.root = root;
    archive = root.resolve("archive.tar");
    snapshot = root.resolve("var/lib/provision/etcd/snapshot-20261128T170000Z.db").toString();
    file("proc/mounts", "/dev/sda1 / ext4 rw 0 0\n");
    file("proc/meminfo", "MemAvailable:    4000000 kB\n");
    file("proc/self/oom_score_adj", "0\n");
    file("var/log/audit.log", "of the living one\n");
    Files.createDirectories(root.resolve("var/lib/provision/etcd"));
  }

  public void file(String path, String text) throws IOException {
    var file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  public void program(String path, String text) throws IOException {
    file(path, "#!/bin/sh\n" + text.formatted(root));
    assertThat(root.resolve(path).toFile().setExecutable(true)).isTrue();
  }

  /** An archive of a snapshot and of these files, with this text in each. */
  public List<String> archive(String text, String... paths) throws Exception {
    var files = Files.createDirectories(root.resolve("archived"));
    var all = new ArrayList<String>();
    for (var path : paths) {
      var file = files.resolve(root.resolve(path).toString().substring(1));
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
      all.add("/" + path);
    }
    var whole = files.resolve(snapshot.substring(1));
    Files.createDirectories(whole.getParent());
    Files.write(whole, SoundSnapshot.of(1024));
    var tar = new ProcessBuilder("tar", "-cf", archive.toString(), "-C", files.toString(), ".");
    assertThat(tar.inheritIO().start().waitFor()).isZero();
    return all;
  }

  /**
   * The kubectl of an API server that was restored: 2 nodes, 4 namespaces, 9 Secrets.
   *
   * @param heard what is so where it answers at all, as a command
   * @param ready what is so once it is ready
   */
  public static String answers(String heard, String ready) {
    return """
    %s || exit 1
    case $* in
    *'get --raw /readyz') ! %s || echo ok ;;
    *'get secret provision-drill'*) printf d29yZA== ;;
    *'get nodes'*) printf 2 ;;
    *'get namespaces'*) printf 4 ;;
    *'get secrets'*) printf 9 ;;
    esac
    """
        .replaceFirst("%s", Matcher.quoteReplacement(heard))
        .replaceFirst("%s", Matcher.quoteReplacement(ready));
  }

  public String snapshot() {
    return "/var/lib/provision/etcd/snapshot-20261128T170000Z.db";
  }

  /** What comes of an archive that was brought, as if in namespaces. */
  public Frame tried(List<String> shell, Call inside) throws IOException {
    var brought = root.resolve("var/lib/provision/drill/root" + root.resolve(RESTORING));
    Files.createDirectories(brought);
    Files.copy(archive, brought.resolve("archive.tar"));
    var host =
        new LocalHost(root)
            .below(root)
            .in(shell.toArray(String[]::new))
            .program("mount", MOUNT.formatted(root))
            .program("ip", "echo \"ip $*\" >>%s/log".formatted(root));
    try {
      return host.attempt(new Script(inside, List.of(), Script.USUAL_DEADLINE));
    } finally {
      endAll();
    }
  }

  /** As the end of the namespaces would: what runs on is of this directory by its name. */
  private void endAll() {
    var left = ProcessHandle.allProcesses().filter(this::isOurs).toList();
    while (!left.isEmpty()) {
      left.forEach(ProcessHandle::destroyForcibly);
      left.forEach(each -> each.onExit().join());
      left = ProcessHandle.allProcesses().filter(this::isOurs).toList();
    }
  }

  private boolean isOurs(ProcessHandle process) {
    var environment = Path.of("/proc/" + process.pid() + "/environ");
    try {
      return process.pid() != ProcessHandle.current().pid()
          && new String(Files.readAllBytes(environment), StandardCharsets.ISO_8859_1)
              .contains(root.toString());
    } catch (IOException e) {
      return false; // it has ended
    }
  }

  /** It has what it had, and nothing else. */
  public void lives(String directory, String... files) throws IOException {
    var living = root.resolve(directory + ".living");
    try (var all = Files.walk(living)) {
      assertThat(
              all.filter(Files::isRegularFile).map(it -> living.relativize(it).toString()).sorted())
          .as(directory)
          .containsExactly(files);
    }
  }
}
