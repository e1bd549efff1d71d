package io.provision.steps.os;

import io.provision.remote.Frame;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Kind;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * {@code firewall}: where ufw or firewalld is active, what the host's roles need is let in. Where
 * none is active nothing is done; nothing is ever taken away, and neither is switched on.
 */
public record Firewall() implements Step<Target.OnHost> {
  /** The rules that a firewall has; {@code name} is empty where none is active. */
  record Rules(String name, Set<String> ports, Set<String> networks) {}

  private static final ShellFunction LOOK =
      new ShellFunction(
          "look_firewall",
          """
          if grep -qs '^ENABLED=yes' /etc/ufw/ufw.conf; then
            echo ufw
            cat /etc/ufw/user.rules
          elif [ "$(systemctl is-active firewalld)" = active ]; then
            echo firewalld
            for port in $(firewall-cmd --list-ports); do echo "port $port"; done
            for source in $(firewall-cmd --zone=trusted --list-sources); do
              echo "source $source"
            done
          fi
          return 0\
          """);

  private static final Question<Rules> QUESTION = Question.of(Kind.single(LOOK, Firewall::read));

  private static final ShellFunction UFW =
      new ShellFunction(
          "open_ufw",
          """
          for rule do
            case $rule in
              */tcp | */udp) try ufw allow "$rule" comment provision >&2 || return ;;
              *) try ufw allow from "$rule" comment provision >&2 || return ;;
            esac
          done\
          """);

  private static final ShellFunction FIREWALLD =
      new ShellFunction(
          "open_firewalld",
          """
          for rule do
            case $rule in
              */tcp | */udp) set -- "--add-port=$rule" ;;
              *) set -- --zone=trusted "--add-source=$rule" ;;
            esac
            try firewall-cmd -q "$@" && try firewall-cmd -q --permanent "$@" || return
          done\
          """);

  static Rules read(Frame frame) {
    var lines = List.of(frame.output().split("\n"));
    var ports = new java.util.TreeSet<String>();
    var networks = new java.util.TreeSet<String>();
    for (var line : lines) {
      var words = line.split(" ");
      // ufw: ### tuple ### allow tcp 6443 0.0.0.0/0 any 0.0.0.0/0 in comment=...
      if (line.startsWith("### tuple ### allow ") && words.length >= 10 && line.contains(" in")) {
        var from = words[8];
        if (words[5].equals("any")) {
          networks.add(from);
        } else if (from.equals("0.0.0.0/0") && !words[4].equals("any")) {
          ports.add(words[5] + "/" + words[4]);
        } else if (from.equals("0.0.0.0/0")) {
          ports.addAll(List.of(words[5] + "/tcp", words[5] + "/udp"));
        }
      } else if (line.startsWith("port ")) {
        ports.add(line.substring(5).replace('-', ':'));
      } else if (line.startsWith("source ")) {
        networks.add(line.substring(7));
      }
    }
    return new Rules(lines.getFirst(), ports, networks);
  }

  @Override
  public Probes probes(Target.OnHost target) {
    return Probes.of(QUESTION);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    return check(Openings.of(target.host(), target.inventory()), seen.of(QUESTION));
  }

  static Check check(Openings wanted, Rules rules) {
    if (rules.name().isEmpty()) {
      return new Check.InSync();
    }
    var missing = new ArrayList<String>();
    wanted.ports().stream().filter(it -> !rules.ports().contains(it)).forEach(missing::add);
    wanted.networks().stream().filter(it -> !rules.networks().contains(it)).forEach(missing::add);
    if (missing.isEmpty()) {
      return new Check.InSync();
    }
    var changes =
        missing.stream()
            .map(it -> Change.of(Change.Action.UPDATE, rules.name(), "", "let in " + it))
            .toList();
    var isUfw = rules.name().equals("ufw");
    var words =
        missing.stream().map(it -> isUfw ? it : it.replace(':', '-')).toArray(String[]::new);
    return new Check.Drift(changes, new Repair.OnHost(Script.of(isUfw ? UFW : FIREWALLD, words)));
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.UPDATE);
  }
}
