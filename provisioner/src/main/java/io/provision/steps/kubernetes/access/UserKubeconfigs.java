package io.provision.steps.kubernetes.access;

import io.provision.remote.Frame;
import io.provision.remote.Script;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Checks;
import io.provision.step.Kind;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Observed;
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
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * {@code user-kubeconfigs}: on every control plane the users that the inventory names have a copy
 * of the administrator's kubeconfig as {@code ~/.kube/config}, which nobody else can read. One that
 * is of another cluster is theirs, and left alone. Who is not named any more loses the copy, where
 * it is as it was given; one that its owner changed is named and left.
 */
public record UserKubeconfigs(Distributions distributions) implements Step<Target.OnHost> {
  private static final Duration WRITE = Duration.ofMinutes(1);

  /** What a user has. */
  private enum Has {
    NOBODY,
    HOMELESS,
    ABSENT,
    OLDER,
    FOREIGN,
    OPEN,
    UNNOTED,
    RIGHT,
    UNKNOWN
  }

  private static final Pattern LEFT = Pattern.compile("left (\\S+) (given|own)");

  private static final Kind<Seen> KIND = Kind.single(KubeconfigScripts.LOOK, UserKubeconfigs::read);

  /**
   * What was seen.
   *
   * @param has a word for each user that was asked for, in that order
   * @param left users who were given a copy and are not asked for, and whether it is as it was
   */
  private record Seen(List<Has> has, Map<String, Boolean> left) {}

  private static Seen read(Frame frame) {
    var words = new HashMap<String, Has>();
    for (var has : Has.values()) {
      words.put(has.name().toLowerCase(java.util.Locale.ROOT), has);
    }
    var has = new ArrayList<Has>();
    var left = new TreeMap<String, Boolean>();
    for (var line : frame.output().lines().toList()) {
      var said = LEFT.matcher(line);
      if (said.matches()) {
        left.put(said.group(1), said.group(2).equals("given"));
      } else {
        has.add(words.getOrDefault(line, Has.UNKNOWN));
      }
    }
    return new Seen(has, left);
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

  private Question<Seen> question(Target.OnHost target) {
    return Question.of(
        KIND,
        Stream.concat(Stream.of(kubeconfig(target)), users(target).stream())
            .toArray(String[]::new));
  }

  @Override
  public Probes probes(Target.OnHost target) {
    return Nodes.isServer(target.host()) ? Probes.of(question(target)) : Probes.NONE;
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    return users(target).isEmpty()
        ? Set.of()
        : Set.of(Need.all(Nodes.SERVER_UP, List.of(target.host())));
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.CREATE, Change.Action.UPDATE, Change.Action.REMOVE);
  }

  @Override
  public Check check(Target.OnHost target, Observations observations, Known known) {
    if (!Nodes.isServer(target.host())) {
      return new Check.Skipped("it is not a control plane");
    }
    var seen = observations.of(question(target));
    var users = users(target);
    var given = users.isEmpty() ? nobody(seen) : given(users, seen.has(), kubeconfig(target));
    return Checks.together(given, left(seen.left()));
  }

  private static Check nobody(Seen seen) {
    return seen.left().isEmpty()
        ? new Check.Skipped("the inventory names nobody")
        : new Check.InSync();
  }

  private static Check given(List<String> users, List<Has> answers, String kubeconfig) {
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
        scripts.add(Script.of(KubeconfigScripts.GIVE, kubeconfig, user).within(WRITE));
      }
    }
    return drift(changes, scripts);
  }

  /** What they learnt from it they keep: no certificate can be taken back. */
  private static Check left(Map<String, Boolean> left) {
    var changes = new ArrayList<Change>();
    var scripts = new ArrayList<Script>();
    var notes = new ArrayList<Check>();
    left.forEach((user, asGiven) -> {
      if (asGiven) {
        changes.add(Change.of(Change.Action.REMOVE, file(user)));
        scripts.add(Script.of(KubeconfigScripts.TAKE, user).within(WRITE));
      } else {
        notes.add(
            new Check.InSync(
                Observed.noting(
                    "%s was given to %s, whom the inventory does not name any more, and changed since: it is left. Whoever read it is an administrator until its certificate ends"
                        .formatted(file(user), user))));
      }
    });
    return Checks.together(drift(changes, scripts), Checks.together(notes));
  }

  private static Check drift(List<Change> changes, List<Script> scripts) {
    return changes.isEmpty()
        ? new Check.InSync()
        : new Check.Drift(changes, new Repair.OnHost(scripts, false));
  }

  private static String file(String user) {
    return "~%s/.kube/config".formatted(user);
  }

  private static Change change(String user, Has has) {
    var subject = file(user);
    return has == Has.ABSENT
        ? Change.of(Change.Action.CREATE, subject)
        : Change.of(
            Change.Action.UPDATE,
            subject,
            switch (has) {
              case OPEN -> "of another user or mode";
              case UNNOTED -> "from elsewhere, or an earlier version";
              default -> "of this cluster, and older";
            },
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
