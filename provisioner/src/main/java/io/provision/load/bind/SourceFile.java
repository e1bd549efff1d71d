package io.provision.load.bind;

import io.provision.files.BoundedRead;
import io.provision.files.Custody.Complaint;
import io.provision.load.yaml.Positions;
import io.provision.load.yaml.Problems;
import io.provision.load.yaml.YamlReader;
import io.provision.section.DidYouMean;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * A text that was given as input: a file, {@code -} for standard input, or a pipe such as {@code
 * <(command)}. Read once, for a pipe cannot be read twice, and never more of it than is sensible.
 *
 * @param name what messages call it
 * @param file where its relative paths start is this file's directory; for a pipe that is the
 *     working directory
 * @param distrust why somebody else could have written it
 */
public record SourceFile(String name, Path file, byte[] bytes, Optional<Complaint> distrust) {
  public static final int MOST_BYTES = YamlReader.MOST_BYTES;
  private static final Path STANDARD_INPUT = Path.of("-");

  public SourceFile {
    bytes = bytes.clone();
  }

  /** A text that is at hand, and was judged when it was read. */
  public static SourceFile of(Path file, String text) {
    return of(file, text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  public static SourceFile of(Path file, byte[] bytes) {
    return new SourceFile(file.toString(), file, bytes, Optional.empty());
  }

  /**
   * Reads it; empty, with a problem, where that is not possible.
   *
   * @param most the most bytes it may have
   */
  public static Optional<SourceFile> read(
      Path typed, int most, Surroundings surroundings, Problems problems) {
    var isStandardInput = typed.equals(STANDARD_INPUT);
    var name = isStandardInput ? "stdin" : typed.toString();
    var place = isStandardInput ? Path.of("/dev/stdin") : typed;
    try {
      if (Files.isDirectory(place)) {
        problems.add(Positions.start(name), "is a directory. name the inventory file in it.");
        return Optional.empty();
      }
      var distrust = surroundings.custody().complaint(place);
      var bytes = BoundedRead.bytes(place, most);
      return Optional.of(new SourceFile(name, home(place), bytes, distrust));
    } catch (BoundedRead.TooLarge _) {
      problems.add(
          Positions.start(name),
          "is larger than %s. name the right file.".formatted(BoundedRead.size(most)));
    } catch (NoSuchFileException _) {
      var hint = DidYouMean.beside(place);
      problems.add(
          Positions.start(name),
          "there is no such file.%s".formatted(hint.isEmpty() ? " check the path." : hint));
    } catch (IOException e) {
      problems.add(
          Positions.start(name),
          "cannot be read (%s). check its permissions.".formatted(reason(e)));
    }
    return Optional.empty();
  }

  private static String reason(IOException fault) {
    return switch (fault) {
      case AccessDeniedException _ -> "permission denied";
      case FileSystemException it when it.getReason() != null -> it.getReason();
      default -> String.valueOf(fault.getMessage());
    };
  }

  /** Nobody keeps files beside a pipe. */
  private static Path home(Path place) {
    var whole = place.toAbsolutePath().normalize();
    return whole.startsWith("/dev") && !whole.startsWith("/dev/shm") || whole.startsWith("/proc")
        ? Path.of("stdin").toAbsolutePath()
        : place;
  }

  @Override
  public byte[] bytes() {
    return bytes.clone();
  }

  /** Its text, for a plan that keeps it. */
  public String text() {
    return new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SourceFile that
        && name.equals(that.name)
        && file.equals(that.file)
        && Arrays.equals(bytes, that.bytes)
        && distrust.equals(that.distrust);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return name;
  }
}
