package io.provision.local;

import io.provision.desk.DeskException;
import io.provision.desk.SnapshotCopies;
import io.provision.files.AtomicFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Snapshots of one cluster in a folder of the operator's machine, for the operator alone: {@code
 * CLUSTER-etcd-TIME.tar}. One run at a time writes there; what is not whole never has that name.
 */
public final class SnapshotFolder implements SnapshotCopies {
  private static final String PART = ".part";

  private final Path folder;
  private final String cluster;
  private final FileGuard guard;

  private SnapshotFolder(Path folder, String cluster, FileGuard guard) {
    this.folder = folder;
    this.cluster = cluster;
    this.guard = guard;
  }

  /**
   * Makes the folder where there is none, and takes its lock.
   *
   * @return empty where another run has the lock
   */
  public static Optional<SnapshotCopies> open(Path folder, String cluster) throws DeskException {
    try {
      if (!Files.isDirectory(folder)) {
        AtomicFile.createPrivateDirectories(folder);
        // secrets that lie beside an inventory are not to be committed with it
        AtomicFile.createPrivate(folder.resolve(".gitignore"), new byte[] {'*', '\n'});
      }
      var modes = Files.getPosixFilePermissions(folder);
      if (modes.contains(PosixFilePermission.OTHERS_WRITE)
          || modes.contains(PosixFilePermission.GROUP_WRITE)) {
        throw new DeskException(
            "%s is not to be trusted: others can write there".formatted(folder),
            "choose another folder, or: chmod go-w " + folder,
            null);
      }
    } catch (FileAlreadyExistsException e) {
      throw new DeskException(
          "%s is not a directory".formatted(folder), "choose another folder", e);
    } catch (IOException e) {
      throw DeskFault.writing(folder, e);
    }
    return FileGuard.ifFree(folder.resolve(cluster + "-etcd"))
        .map(guard -> new SnapshotFolder(folder, cluster, guard));
  }

  private final class Copy implements Draft {
    private final Path file;
    private final FileChannel channel;

    private Copy(Path file, FileChannel channel) {
      this.file = file;
      this.channel = channel;
    }

    @Override
    public OutputStream out() {
      return Channels.newOutputStream(channel);
    }

    @Override
    public Path keep(String time, String snapshot, List<String> required) throws DeskException {
      var target = folder.resolve("%s-etcd-%s.tar".formatted(cluster, time));
      try {
        channel.force(true);
        var complaint = SnapshotArchive.complaint(file, snapshot, required);
        if (complaint.isPresent()) {
          throw new DeskException(
              "what was copied to this machine is of no use: " + complaint.get(),
              "run the same command again",
              null);
        }
        AtomicFile.move(file, target);
        return target;
      } catch (IOException e) {
        throw DeskFault.writing(target, e);
      }
    }

    @Override
    public void close() throws DeskException {
      try (channel) {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        throw DeskFault.writing(file, e);
      }
    }
  }

  @Override
  public Draft begin() throws DeskException {
    var file = folder.resolve(".%s-etcd%s".formatted(cluster, PART));
    try {
      Files.deleteIfExists(file);
      var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
      Files.createFile(file, mode);
      return new Copy(file, FileChannel.open(file, StandardOpenOption.WRITE));
    } catch (IOException e) {
      throw DeskFault.writing(file, e);
    }
  }

  @Override
  public DeskException unwritten(IOException reason) {
    return DeskFault.writing(folder, reason);
  }

  @Override
  public List<String> prune(int number) throws DeskException {
    var ours = Pattern.compile(Pattern.quote(cluster) + "-etcd-\\d{8}T\\d{6}Z\\.tar");
    try (Stream<Path> files = Files.list(folder)) {
      var old =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> ours.matcher(name).matches())
              .sorted(Comparator.reverseOrder())
              .skip(number)
              .toList();
      var gone = new ArrayList<String>();
      for (var name : old) {
        Files.delete(folder.resolve(name));
        gone.add(name);
      }
      return gone;
    } catch (IOException e) {
      throw DeskFault.writing(folder, e);
    }
  }

  @Override
  public void close() {
    guard.close();
  }
}
