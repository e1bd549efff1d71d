package io.provision.steps.kubernetes.access;

import io.provision.remote.Frame;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Kind;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubernetes.Distributions;
import io.provision.steps.kubernetes.Nodes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * {@code user-kubeconfigs}: on every control plane the users that the inventory names have a copy
 * of the administrator's kubeconfig as {@code ~/.kube/config}, which nobody else can read. One that
 * is of another cluster is theirs, and left alone.
 */
public record UserKubeconfigs(Distributions distributions) implements Step<Target.OnHost> {
  private static final Duration WRITE = Duration.ofMinutes(1);

  private static final ShellFunction HOME =
      new ShellFunction(
          "home_of_user", "getent passwd \"$1\" 2>/dev/null | head -n 1 | cut -d : -f 6");

  /** {@code authority_in FILE}: of a kubeconfig, in base64. */
  private static final ShellFunction AUTHORITY =
      new ShellFunction(
          "authority_in",
          """
          head -c 100000 "$1" 2>/dev/null | tr -d '\\000' | sed -n 's/^ *certificate-authority-data: //p' | head -n 1\
          """);

  /**
   * {@code look_user_kubeconfigs FILE USER...}: a word a user. Nothing of a kubeconfig is printed.
   */
  private static final ShellFunction LOOK =
      new ShellFunction(
          "look_user_kubeconfigs",
          """
          file=$1
          shift
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
            elif ! cmp -s "$file" "$home/.kube/config"; then
              has=$(authority_in "$home/.kube/config")
              if [ -n "$has" ] && [ "$has" = "$(authority_in "$file")" ]; then echo older; else echo foreign; fi
            elif [ "$(stat -L -c '%a %U' -- "$home/.kube/config")" = "600 $user" ]; then
              echo right
            else
              echo open
            fi
          done
          return 0\
          """,
          List.of(HOME, AUTHORITY));

  /**
   * {@code give_kubeconfig FILE USER}: written by that user, so that no link of theirs leads
   * elsewhere.
   */
  private static final ShellFunction GIVE =
      new ShellFunction(
          "give_kubeconfig",
          """
          su -s /bin/sh -c 'umask 077
            cd && mkdir -p .kube && rm -f .kube/.config.fresh && cat >.kube/.config.fresh &&
            mv -f .kube/.config.fresh .kube/config' "$2" <"$1" || {
            echo "hint: look at the home of that user: ls -la ~$2/.kube; df -h ~$2" >&2
            echo "$2 could not write its .kube/config" >&2
            return 1
          }\
          """);

  /** What a user has. */
  private enum Has {
    NOBODY,
    HOMELESS,
    ABSENT,
    OLDER,
    FOREIGN,
    OPEN,
    RIGHT,
    UNKNOWN
  }

  private static final Kind<List<Has>> KIND = Kind.single(LOOK, UserKubeconfigs::read);

  private static List<Has> read(Frame frame) {
    var words = new HashMap<String, Has>();
    for (var has : Has.values()) {
      words.put(has.name().toLowerCase(java.util.Locale.ROOT), has);
    }
    return frame.output().lines().map(word -> words.getOrDefault(word, Has.UNKNOWN)).toList();
  }

  private static List<String> users(Target.OnHost target) {
    return Nodes.isServer(target.host())
        ? target
            .cluster()
            .sections()
            .find(KubeconfigUsersSection.class)
            .map(KubeconfigUsersSection::texts)
            .orElse(List.of())
        : List.of();
  }

  private String kubeconfig(Target target) {
    return distributions.of(target).kubectl().kubeconfig();
  }

  private Question<List<Has>> question(Target.OnHost target) {
    return Question.of(
        KIND,
        Stream.concat(Stream.of(kubeconfig(target)), users(target).stream())
            .toArray(String[]::new));
  }

  @Override
  public Probes probes(Target.OnHost target) {
    return users(target).isEmpty() ? Probes.NONE : Probes.of(question(target));
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    return users(target).isEmpty()
        ? Set.of()
        : Set.of(Need.all(Nodes.SERVER_UP, List.of(target.host())));
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.CREATE, Change.Action.UPDATE);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    var users = users(target);
    if (users.isEmpty()) {
      return new Check.Skipped(
          Nodes.isServer(target.host())
              ? "the inventory names nobody"
              : "it is not a control plane");
    }
    var answers = seen.of(question(target));
    var changes = new ArrayList<Change>();
    var scripts = new ArrayList<Script>();
    for (var i = 0; i < users.size(); i++) {
      var user = users.get(i);
      var has = i < answers.size() ? answers.get(i) : Has.UNKNOWN;
      var refused = refusal(user, has);
      if (refused.isPresent()) {
        return refused.get();
      }
      if (has != Has.RIGHT) {
        changes.add(change(user, has));
        scripts.add(Script.of(GIVE, kubeconfig(target), user).within(WRITE));
      }
    }
    return changes.isEmpty()
        ? new Check.InSync()
        : new Check.Drift(changes, new Repair.OnHost(scripts, false));
  }

  private static Change change(String user, Has has) {
    var subject = "~%s/.kube/config".formatted(user);
    return has == Has.ABSENT
        ? Change.of(Change.Action.CREATE, subject)
        : Change.of(
            Change.Action.UPDATE,
            subject,
            has == Has.OPEN ? "of another user or mode" : "of this cluster, and older",
            "the administrator's of this host, mode 600");
  }

  private static Optional<Check> refusal(String user, Has has) {
    var why =
        Map.of(
            Has.NOBODY, "there is no user '%s', who should have a kubeconfig",
            Has.HOMELESS, "the user '%s', who should have a kubeconfig, has no home directory",
            Has.FOREIGN, "~%s/.kube/config is there, and is not of this cluster",
            Has.UNKNOWN, "it did not say what ~%s/.kube/config is");
    return Optional.ofNullable(why.get(has))
        .map(text ->
            new Check.Refused(
                text.formatted(user),
                has == Has.FOREIGN
                    ? "move it away, or take '%s' out of 'kubeconfig_users'".formatted(user)
                    : "make that user first (a step 'user' of a playbook), or take it out of"
                        + " 'kubeconfig_users'"));
  }
}
