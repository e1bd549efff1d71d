package io.provision.resource;

import io.provision.model.Content;
import io.provision.model.Sha256;
import java.util.Optional;

/**
 * What a look saw at a path. A symbolic link is followed; where it leads nowhere the type is ABSENT
 * and {@code link} is true.
 *
 * @param sha256 of a regular file
 * @param text what it holds, where it was asked for and is at most 64 KiB
 */
public record FileState(
    Type type,
    boolean link,
    FileMode mode,
    Owner owner,
    long size,
    Optional<Sha256> sha256,
    Optional<Content.Plain> text) {
  public static final FileState ABSENT =
      new FileState(
          Type.ABSENT,
          false,
          new FileMode(0),
          new Owner("", "", "", ""),
          0,
          Optional.empty(),
          Optional.empty());

  /** What kind of thing it is. */
  public enum Type {
    ABSENT,
    FILE,
    DIRECTORY,
    OTHER
  }

  /** Names and numbers of user and group; a number without a name is called UNKNOWN. */
  public record Owner(String user, String group, String uid, String gid) {
    boolean is(String wantedUser, String wantedGroup) {
      return (user.equals(wantedUser) || uid.equals(wantedUser))
          && (group.equals(wantedGroup) || gid.equals(wantedGroup));
    }

    @Override
    public String toString() {
      return (user.equals("UNKNOWN") ? uid : user) + ":" + (group.equals("UNKNOWN") ? gid : group);
    }
  }

  public boolean exists() {
    return type != Type.ABSENT;
  }

  public boolean isFile() {
    return type == Type.FILE;
  }

  /** Whether it is a regular file with these bytes. */
  public boolean holds(Sha256 wanted) {
    return isFile() && sha256.filter(wanted::equals).isPresent();
  }

  FileState with(Optional<Sha256> digest, Optional<Content.Plain> content, boolean isLink) {
    return new FileState(type, isLink, mode, owner, size, digest, content);
  }
}
