package io.provision.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Map;
import java.util.Optional;

/**
 * Who can have written a file. Judged as ssh judges its own configuration (readconf.c of OpenSSH,
 * {@code secure_permissions}): it must belong to this user or to root, and nobody else may be able
 * to write it. A group that is the owner's own and has no other members does no harm, as in
 * Debian's ssh: with a umask of 002 every file has that.
 */
public final class Custody {
  private static final int GROUPS_BYTES = 4 << 20;

  private final long self;
  private final Optional<Long> behindSudo;
  private final Path groups;

  /**
   * @param self the user this process runs as
   * @param behindSudo who called sudo, where that is root
   * @param groups as /etc/group
   */
  public Custody(long self, Optional<Long> behindSudo, Path groups) {
    this.self = self;
    this.behindSudo = behindSudo;
    this.groups = groups;
  }

  /**
   * What this process is trusted by: its own user, root, and the one who called sudo.
   *
   * @param environment as {@link System#getenv()}; SUDO_UID is believed where root reads it, as git
   *     believes it
   */
  public static Custody ofThisProcess(Map<String, String> environment) {
    var self = owner(Path.of("/proc/self")).orElse(0L);
    var sudo = environment.getOrDefault("SUDO_UID", "");
    return new Custody(
        self,
        self == 0 && sudo.matches("\\d{1,9}") ? Optional.of(Long.valueOf(sudo)) : Optional.empty(),
        Path.of("/etc/group"));
  }

  /** The user this process runs as. */
  public long self() {
    return self;
  }

  /**
   * Why a file is not to be trusted.
   *
   * @param what for example "it belongs to user bob"
   * @param remedy a sentence
   */
  public record Complaint(String what, String remedy) {}

  /** Empty where nobody else can have written it, and where it has no owner (it is not there). */
  public Optional<Complaint> complaint(Path file) {
    try {
      var attributes = Files.readAttributes(file, PosixFileAttributes.class);
      var type = (int) Files.getAttribute(file, "unix:mode") & 0170000;
      if (type == 0020000) {
        return Optional.empty(); // a terminal or another device: nothing that somebody left there
      }
      return foreign(file, attributes).or(() -> open(file, attributes));
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.empty(); // whoever reads it next says what is wrong with it
    }
  }

  private Optional<Complaint> foreign(Path file, PosixFileAttributes attributes) {
    var owner = owner(file).orElse(self);
    if (owner == self || owner == 0 || behindSudo.filter(owner::equals).isPresent()) {
      return Optional.empty();
    }
    return Optional.of(
        new Complaint(
            "it belongs to user %s, who can write anything into it"
                .formatted(attributes.owner().getName()),
            "Look at it, and make a copy of your own: cp %s COPY".formatted(file)));
  }

  private Optional<Complaint> open(Path file, PosixFileAttributes attributes) {
    var permissions = attributes.permissions();
    if (permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
      return Optional.of(
          new Complaint(
              "everybody on this machine can write it", "Run: chmod go-w %s".formatted(file)));
    }
    if (permissions.contains(PosixFilePermission.GROUP_WRITE) && !isOwn(attributes)) {
      return Optional.of(
          new Complaint(
              "group %s can write it".formatted(attributes.group().getName()),
              "Run: chmod g-w %s".formatted(file)));
    }
    return Optional.empty();
  }

  /** Whether the group is its owner's own: the same name, and no other members. */
  private boolean isOwn(PosixFileAttributes attributes) {
    var name = attributes.owner().getName();
    if (!attributes.group().getName().equals(name)) {
      return false;
    }
    try {
      for (var line : BoundedRead.text(groups, GROUPS_BYTES).lines().toList()) {
        var fields = line.split(":", -1);
        if (fields.length == 4 && fields[0].equals(name)) {
          return fields[3].isEmpty() || fields[3].equals(name);
        }
      }
      return false;
    } catch (IOException e) {
      return false; // who its members are cannot be told
    }
  }

  private static Optional<Long> owner(Path file) {
    try {
      return Optional.of(((Number) Files.getAttribute(file, "unix:uid")).longValue());
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.empty();
    }
  }
}
