package io.provision.resource;

import io.provision.remote.Payload;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import java.util.List;

/** How a file comes to a host as the payload of a script, and how one is handed over. */
public final class FileTransfer {

  /** {@code put_text PATH TEXT}: a file that is ours alone becomes this text, by a rename. */
  public static final ShellFunction PUT_TEXT = FileScripts.PUT_TEXT;

  /** {@code set_mode PATH MODE OWNER GROUP}. */
  public static final ShellFunction SET_MODE = FileScripts.SET_MODE;

  /** {@code has_digest SHA256 PATH SIZE}. */
  public static final ShellFunction HAS_DIGEST = FileScripts.HAS_DIGEST;

  /** {@code sha256_of PATH SIZE}: prints the digest of a file. */
  public static final ShellFunction SHA256_OF = FileScripts.SHA256_OF;

  /** {@code push_file PATH MODE SHA256}: the payload becomes the file, by a rename. */
  public static final ShellFunction PUSH =
      new ShellFunction(
          "push_file",
          """
          (umask 022 && try mkdir -p -- "${1%/*}/") || return
          receive_file "$1" "$3" || return
          try chmod -- "$2" "./$3" && try sync "./$3" && try mv -f -- "./$3" "$1" && leave_own_place\
          """,
          List.of(UploadScripts.RECEIVE, FileScripts.LEAVE));

  /** {@code take_secret_file PATH}: the payload becomes the file, for root alone. */
  public static final ShellFunction TAKE =
      new ShellFunction(
          "take_secret_file",
          """
          [ "$payload_1" -gt 0 ] || {
            echo "what was handed over for $1 is empty" >&2
            return 1
          }
          try mkdir -p -- "${1%/*}" && (umask 077 && try head -c "$payload_1" >"$1.new") || return
          [ "$(wc -c <"$1.new")" -eq "$payload_1" ] || {
            rm -f -- "$1.new"
            echo "$1 was not written: not all of it arrived" >&2
            return 1
          }
          try sync "$1.new" && try mv -f -- "$1.new" "$1" || return
          sync "${1%/*}/" 2>/dev/null || :\
          """);

  /** {@code read_secret_file PATH}: hands it over. */
  public static final ShellFunction READ =
      new ShellFunction("read_secret_file", "try cat -- \"$1\"");

  /** {@link #PUSH} of something published, which goes on where it was cut off. */
  public static Script push(String path, FileMode mode, Payload.Artifact artifact) {
    return Script.of(PUSH, path, mode.toString(), artifact.sha256().hex())
        .with(UploadScripts.replacing(path, artifact.sha256(), artifact));
  }

  private FileTransfer() {}
}
