package io.provision.local;

import io.provision.desk.DeskException;
import io.provision.files.AtomicFile;
import io.provision.files.Custody;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Words for what the operator's own machine can put in the way. */
final class DeskFault {
  private DeskFault() {}

  static DeskException reading(Path file, IOException cause) {
    return new DeskException(
        "%s cannot be read (%s)".formatted(file, reason(cause)), "Check who may read it.", cause);
  }

  static DeskException writing(Path file, IOException cause) {
    return new DeskException(
        "%s cannot be written (%s)".formatted(file, reason(cause)),
        "It is as it was. Check who may write there, and whether the disk is full: df -h "
            + AtomicFile.parent(file),
        cause);
  }

  /** Refuses what somebody else could have written, or could put something into. */
  static void refuse(Path file, Custody custody) throws DeskException {
    var complaint = custody.complaint(file);
    if (complaint.isPresent()) {
      throw new DeskException(
          "%s is not to be trusted: %s".formatted(file, complaint.get().what()),
          complaint.get().remedy(),
          null);
    }
  }

  static String reason(IOException cause) {
    return switch (cause) {
      case AccessDeniedException _ -> "permission denied";
      case NoSuchFileException _ -> "no such file";
      case FileSystemException fault when fault.getReason() != null -> fault.getReason();
      default -> cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    };
  }
}
