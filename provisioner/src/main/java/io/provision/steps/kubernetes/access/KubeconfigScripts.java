package io.provision.steps.kubernetes.access;

import io.provision.remote.ShellFunction;
import io.provision.resource.FileTransfer;
import java.util.List;

/**
 * Copies of the administrator's kubeconfig in the homes of users. To whom one was given stands in a
 * file of root's, a line {@code USER SHA256} each, so that it is known again once the inventory
 * does not name the user any more.
 */
final class KubeconfigScripts {
  private KubeconfigScripts() {}

  private static final ShellFunction HOME =
      new ShellFunction(
          "home_of_user", "getent passwd \"$1\" 2>/dev/null | head -n 1 | cut -d : -f 6");

  /** {@code authority_of}: of the kubeconfig that is read, in base64. */
  private static final ShellFunction AUTHORITY =
      new ShellFunction(
          "authority_of",
          "tr -d '\\000' | sed -n 's/^ *certificate-authority-data: //p' | head -n 1");

  /**
   * {@code as_user USER COMMAND...}: by its identity alone, so that an account that has expired is
   * none of PAM's matter.
   */
  private static final ShellFunction AS_USER =
      new ShellFunction(
          "as_user",
          """
          as=$1
          shift
          setpriv --reuid "$(id -u -- "$as")" --regid "$(id -g -- "$as")" --clear-groups -- "$@"\
          """);

  /**
   * {@code users_file USER FILE}: what is in it. A link is followed as that user would follow it,
   * and nothing that never ends, or belongs to the kernel, is waited for.
   */
  private static final ShellFunction USERS_FILE =
      new ShellFunction(
          "users_file",
          """
          if [ -L "$2" ]; then
            as_user "$1" timeout -s KILL 5 head -c 1000000 -- "$2" 2>/dev/null
          else
            timeout -s KILL 5 head -c 1000000 -- "$2" 2>/dev/null
          fi
          return 0\
          """,
          List.of(AS_USER));

  /** {@code given_kubeconfigs}: the lines of that file that are some. */
  private static final ShellFunction GIVEN =
      new ShellFunction(
          "given_kubeconfigs",
          """
          head -c 100000 /var/lib/provision/kubeconfig-users 2>/dev/null | tr -d '\\000' |
            grep -E '^[a-z_][a-z0-9_-]* [0-9a-f]{64}$'
          return 0\
          """);

  /** {@code was_given USER FILE}: it is as it was given to that user. */
  private static final ShellFunction WAS_GIVEN =
      new ShellFunction(
          "was_given",
          """
          sum=$(users_file "$1" "$2" | sha256sum | cut -d ' ' -f 1)
          case "
          $(given_kubeconfigs)
          " in *"
          $1 $sum
          "*) return 0 ;; esac
          return 1\
          """,
          List.of(GIVEN, USERS_FILE));

  /** {@code note_given LINES}: all to whom one was given. */
  private static final ShellFunction NOTE =
      new ShellFunction(
          "note_given",
          """
          lines=$(printf '%s\\n' "$1" | grep . | sort -u)
          (umask 077 && try mkdir -p -- /var/lib/provision && put_text /var/lib/provision/kubeconfig-users "$lines
          ")\
          """,
          List.of(FileTransfer.PUT_TEXT));

  /**
   * {@code look_user_kubeconfigs FILE USER...}: a word a user, then a line for each other one who
   * was given a copy and has one still. Nothing of a kubeconfig is printed.
   */
  static final ShellFunction LOOK =
      new ShellFunction(
          "look_user_kubeconfigs",
          """
          [ "$#" -gt 1 ] || [ -f /var/lib/provision/kubeconfig-users ] || return 0
          own=$(head -c 1000000 "$1" 2>/dev/null | sha256sum) authority=$(head -c 1000000 "$1" 2>/dev/null | authority_of)
          shift
          wanted=" $* "
          for user do
            home=$(home_of_user "$user")
            if [ -z "$home" ]; then
              echo nobody
            elif [ ! -d "$home" ]; then
              echo homeless
            elif [ ! -e "$home/.kube/config" ]; then
              echo absent
            elif [ ! -f "$home/.kube/config" ]; then
              echo foreign # a pipe would never be read to its end
            elif [ "$(users_file "$user" "$home/.kube/config" | sha256sum)" != "$own" ]; then
              has=$(users_file "$user" "$home/.kube/config" | authority_of)
              if [ -n "$has" ] && [ "$has" = "$authority" ]; then echo older; else echo foreign; fi
            elif [ "$(stat -L -c '%a %U' -- "$home/.kube/config")" != "600 $user" ]; then
              echo open
            elif was_given "$user" "$home/.kube/config"; then
              echo right
            else
              echo unnoted
            fi
          done
          given_kubeconfigs | cut -d ' ' -f 1 | sort -u | while read -r user; do
            case $wanted in *" $user "*) continue ;; esac
            home=$(home_of_user "$user")
            [ -n "$home" ] && [ -f "$home/.kube/config" ] || continue
            if was_given "$user" "$home/.kube/config"; then echo "left $user given"; else echo "left $user own"; fi
          done
          return 0\
          """,
          List.of(HOME, AUTHORITY, USERS_FILE, GIVEN, WAS_GIVEN));

  /**
   * {@code give_kubeconfig FILE USER}: written by that user, so that no link of theirs leads
   * elsewhere. Until it is, the one from before counts as given as well.
   */
  static final ShellFunction GIVE =
      new ShellFunction(
          "give_kubeconfig",
          """
          before=$(given_kubeconfigs) fresh="$2 $(sha256sum <"$1" | cut -d ' ' -f 1)"
          note_given "$before
          $fresh" || return
          su -s /bin/sh -c 'umask 077
            cd && mkdir -p .kube && rm -f .kube/.config.fresh && cat >.kube/.config.fresh &&
            mv -f .kube/.config.fresh .kube/config' "$2" <"$1" || {
            echo "hint: look at the home of that user: ls -la ~$2/.kube; df -h ~$2" >&2
            echo "$2 could not write its .kube/config" >&2
            return 1
          }
          note_given "$(printf '%s\\n' "$before" | grep -v "^$2 ")
          $fresh"\
          """,
          List.of(GIVEN, NOTE));

  /** {@code take_kubeconfig USER}: the copy is gone, where it is as it was given. */
  static final ShellFunction TAKE =
      new ShellFunction(
          "take_kubeconfig",
          """
          home=$(home_of_user "$1")
          if [ -f "$home/.kube/config" ]; then
            was_given "$1" "$home/.kube/config" || return 0
            as_user "$1" rm -f -- "$home/.kube/config" || {
              echo "hint: look at the home of that user: ls -la ~$1/.kube" >&2
              echo "$1 could not remove its .kube/config" >&2
              return 1
            }
          fi
          note_given "$(given_kubeconfigs | grep -v "^$1 ")"\
          """,
          List.of(HOME, GIVEN, WAS_GIVEN, AS_USER, NOTE));
}
