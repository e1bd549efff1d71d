package io.provision.resource;

import io.provision.remote.Frame;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Kind;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Repair;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A user that exists, is in these groups at least, has this shell, and may log in with these keys
 * at least. Nothing is taken away. Its authorized_keys keep their mode and owner, but that others
 * may not write them; where they are a symbolic link nothing is written, since root would follow a
 * link that the user may set.
 */
public record UserAccount(
    String name, Optional<String> shell, List<String> groups, List<String> authorizedKeys)
    implements Piece {

  /** What the host's databases say; an empty shell where there is no such user. */
  private record State(
      String shell, List<String> groups, List<String> keys, String link, boolean open) {
    static final State ABSENT = new State("", List.of(), List.of(), "", false);
  }

  private static final ShellFunction LOOK =
      new ShellFunction(
          "look_user",
          """
          line=$(getent passwd "$1") || return 1
          login=$(printf '%s\\n' "$line" | cut -d : -f 7)
          printf '%s\\n' "${login:-/bin/sh}"
          id -nG -- "$1"
          keys=$(printf '%s\\n' "$line" | cut -d : -f 6)/.ssh/authorized_keys
          if [ -L "$keys" ]; then readlink -- "$keys" || echo '?'; else echo; fi
          if [ -n "$(find -L "$keys" -perm -o+w)" ]; then echo open; else echo; fi
          cat "$keys"
          return 0\
          """);

  private static final ShellFunction MAKE =
      new ShellFunction(
          "make_user",
          """
          name=$1 shell=$2 groups=$3
          shift 3
          if ! getent passwd "$name" >/dev/null; then
            try useradd -m -s "${shell:-/bin/sh}" -- "$name" || return
          elif [ -n "$shell" ]; then
            try usermod -s "$shell" -- "$name" || return
          fi
          [ -z "$groups" ] || try usermod -a -G "$groups" -- "$name" || return
          [ "$#" -gt 0 ] || return 0
          home=$(getent passwd "$name" | cut -d : -f 6)
          [ -n "$home" ] || {
            echo "the user database names no home directory of $name" >&2
            return 1
          }
          group=$(id -g -- "$name")
          [ -d "$home/.ssh" ] || try install -d -m 700 -o "$name" -g "$group" -- "$home/.ssh" || return
          keys=$home/.ssh/authorized_keys
          [ ! -L "$keys" ] || {
            echo "hint: make it a file; what it leads to is not read for $name by root" >&2
            echo "$keys is a symbolic link" >&2
            return 1
          }
          enter_own_place "$keys" || return
          {
            [ ! -f "$keys" ] || sed -e '$a\\' -- "$keys"
            for key do
              [ -f "$keys" ] && grep -qxF -e "$key" -- "$keys" || printf '%s\\n' "$key"
            done
          } >new && chmod 600 new && chown -- "$name:$group" new &&
            { [ ! -f "$keys" ] || { chown --reference="$keys" -- new &&
              chmod --reference="$keys" -- new && chmod o-w -- new; }; } &&
            sync new && mv -f -- ./new "$keys" && leave_own_place && return 0
          leave_own_place
          echo "$keys cannot be written" >&2
          return 1\
          """,
          List.of(FileScripts.ENTER, FileScripts.LEAVE));

  private static final Kind<State> KIND = Kind.single(LOOK, UserAccount::read);

  public UserAccount {
    Account.require(name);
    shell.ifPresent(HostPath::require);
    groups = List.copyOf(groups);
    groups.forEach(Account::require);
    authorizedKeys = List.copyOf(authorizedKeys);
    for (var key : authorizedKeys) {
      if (!key.matches("[^\\p{Cntrl}]*(ssh-|ecdsa-|sk-)[^\\p{Cntrl}]+ [A-Za-z0-9+/=]+.*")) {
        throw new IllegalArgumentException("'%s' is not a line of authorized_keys".formatted(key));
      }
    }
  }

  private static State read(Frame frame) {
    var lines = frame.output().split("\n");
    if (!frame.ok() || lines.length < 2) {
      return State.ABSENT;
    }
    var rest = List.of(lines).subList(2, lines.length);
    return new State(
        lines[0],
        List.of(lines[1].split(" ")),
        rest.size() > 2 ? rest.subList(2, rest.size()) : List.of(),
        rest.isEmpty() ? "" : rest.getFirst(),
        rest.size() > 1 && rest.get(1).equals("open"));
  }

  private Question<State> question() {
    return Question.of(KIND, name);
  }

  @Override
  public Probes probes() {
    return Probes.of(question());
  }

  @Override
  public Check check(Observations seen) {
    var state = seen.of(question());
    var changes = new ArrayList<Change>();
    var subject = "user " + name;
    if (state.shell().isEmpty()) {
      changes.add(Change.of(Change.Action.CREATE, subject));
    } else if (shell.filter(it -> !it.equals(state.shell())).isPresent()) {
      changes.add(Change.of(Change.Action.UPDATE, subject, state.shell(), shell.orElse("")));
    }
    for (var group : groups) {
      if (!state.groups().contains(group)) {
        changes.add(Change.of(Change.Action.UPDATE, subject, "", "in group " + group));
      }
    }
    var missing = authorizedKeys.stream().filter(key -> !state.keys().contains(key)).toList();
    if (!missing.isEmpty() && !state.link().isEmpty()) {
      return new Check.Refused(
          "authorized_keys of %s is a symbolic link to %s".formatted(name, state.link()),
          "what it leads to may be anybody's: put a file in its place, or add the key there");
    }
    missing.forEach(key -> changes.add(Change.of(Change.Action.UPDATE, subject, "", "key " + key)));
    if (!missing.isEmpty() && state.open()) {
      changes.add(
          Change.of(
              Change.Action.UPDATE,
              subject,
              "authorized_keys that others may write",
              "authorized_keys that others may not write"));
    }
    return changes.isEmpty() ? new Check.InSync() : new Check.Drift(changes, make());
  }

  private Repair make() {
    var arguments = new ArrayList<String>();
    arguments.addAll(List.of(name, shell.orElse(""), String.join(",", groups)));
    arguments.addAll(authorizedKeys);
    return new Repair.OnHost(
        List.of(Script.of(MAKE, arguments.toArray(String[]::new))), true); // from /etc/skel
  }
}
