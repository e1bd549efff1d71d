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
 * at least. Nothing is taken away.
 */
public record UserAccount(
    String name, Optional<String> shell, List<String> groups, List<String> authorizedKeys)
    implements Piece {

  /** What the host's databases say; an empty shell where there is no such user. */
  private record State(String shell, List<String> groups, List<String> keys) {}

  private static final ShellFunction LOOK =
      new ShellFunction(
          "look_user",
          """
          line=$(getent passwd "$1") || return 1
          printf '%s\\n' "${line##*:}"
          id -nG -- "$1"
          home=${line%:*}
          cat "${home##*:}/.ssh/authorized_keys"
          return 0\
          """);

  private static final ShellFunction MAKE =
      new ShellFunction(
          "make_user",
          """
          name=$1 shell=$2 groups=$3
          shift 3
          if ! getent passwd "$name" >/dev/null; then
            useradd -m -s "${shell:-/bin/sh}" -- "$name" || return 1
          elif [ -n "$shell" ]; then
            usermod -s "$shell" -- "$name" || return 1
          fi
          [ -z "$groups" ] || usermod -a -G "$groups" -- "$name" || return 1
          [ "$#" -gt 0 ] || return 0
          line=$(getent passwd "$name") || return 1
          home=${line%:*} home=${home##*:} group=$(id -g -- "$name")
          [ -d "$home/.ssh" ] || install -d -m 700 -o "$name" -g "$group" -- "$home/.ssh" || return 1
          keys=$home/.ssh/authorized_keys
          temp=$(mktemp "$home/.ssh/.provision.tmp.XXXXXXXX") || return 1
          {
            [ ! -f "$keys" ] || sed -e '$a\\' -- "$keys"
            for key do
              [ -f "$keys" ] && grep -qxF -e "$key" -- "$keys" || printf '%s\\n' "$key"
            done
          } >"$temp" && chmod 600 "$temp" && chown -- "$name:$group" "$temp" && sync "$temp" &&
            mv -f -- "$temp" "$keys"
          """);

  private static final Kind<State> KIND = Kind.single(LOOK, UserAccount::read);

  public UserAccount {
    Account.require(name);
    shell.ifPresent(HostPath::require);
    groups = List.copyOf(groups);
    groups.forEach(Account::require);
    authorizedKeys = List.copyOf(authorizedKeys);
    for (var key : authorizedKeys) {
      if (!key.matches("[^\\p{Cntrl}]*(ssh-|ecdsa-|sk-)[^\\p{Cntrl}]+ [A-Za-z0-9+/=]+.*")) {
        throw new IllegalArgumentException("'%s' is no line of authorized_keys".formatted(key));
      }
    }
  }

  private static State read(Frame frame) {
    var lines = frame.output().split("\n");
    if (!frame.ok() || lines.length < 2) {
      return new State("", List.of(), List.of());
    }
    return new State(
        lines[0], List.of(lines[1].split(" ")), List.of(lines).subList(2, lines.length));
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
    for (var key : authorizedKeys) {
      if (!state.keys().contains(key)) {
        changes.add(Change.of(Change.Action.UPDATE, subject, "", "key " + key));
      }
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
