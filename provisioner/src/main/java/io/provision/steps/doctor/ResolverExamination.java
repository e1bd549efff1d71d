package io.provision.steps.doctor;

import io.provision.remote.Pairs;
import io.provision.remote.ShellFunction;
import io.provision.step.Kind;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Target;
import io.provision.step.doctor.Diagnosis;
import io.provision.step.doctor.Examination;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Whether the name servers of a host answer at all, whatever they answer: each pod asks them, and
 * each name that is asked waits for one that does not.
 */
record ResolverExamination() implements Examination {
  /** {@code ADDRESS=answers}, {@code silent} or {@code refused}: asked for the host's own name. */
  private static final ShellFunction LOOK =
      new ShellFunction(
          "look_resolvers",
          """
          command -v perl >/dev/null || return 0
          perl -e '
            use strict;
            use Socket qw(:DEFAULT getaddrinfo AI_NUMERICHOST AI_NUMERICSERV);
            open(my $file, "<", "/etc/resolv.conf") or do { print "none=\\n"; exit 0 };
            my (@servers, %seen);
            for (<$file>) { push @servers, $1 if /^nameserver\\s+(\\S+)/ && !$seen{$1}++ && @servers < 3 }
            if (!@servers) { print "none=\\n"; exit 0 }
            open(my $own, "<", "/proc/sys/kernel/hostname");
            my $name = <$own> || "localhost";
            $name =~ s/[^A-Za-z0-9.-]//g;
            my $asked = pack("n6", 4711, 0x100, 1, 0, 0, 0);
            $asked .= pack("C/a*", substr $_, 0, 63) for grep { length } split /[.]/, $name;
            $asked .= pack("Cnn", 0, 1, 1);
            my (%open, %said);
            for my $server (@servers) {
              my ($error, $at) = getaddrinfo($server, 53, { flags => AI_NUMERICHOST | AI_NUMERICSERV, socktype => SOCK_DGRAM });
              next if $error;
              my $socket;
              socket($socket, $at->{family}, SOCK_DGRAM, $at->{protocol}) && connect($socket, $at->{addr}) or next;
              $open{fileno $socket} = [$socket, $server];
              $said{$server} = "silent";
            }
            for my $turn (1 .. 5) {
              last unless %open;
              send($_->[0], $asked, 0) for values %open;
              for (1 .. 5) {
                my $ready = "";
                vec($ready, $_, 1) = 1 for keys %open;
                last unless %open;
                next if select($ready, undef, undef, 0.2) < 1;
                for my $number (keys %open) {
                  next unless vec($ready, $number, 1);
                  my ($socket, $server) = @{$open{$number}};
                  $said{$server} = defined recv($socket, my $text, 4096, 0) ? "answers" : "refused";
                  delete $open{$number} if $said{$server} eq "answers" || $turn == 5;
                }
              }
            }
            print "$_=$said{$_}\\n" for sort keys %said;' </dev/null 2>/dev/null
          return 0\
          """);

  private static final Question<Pairs> QUESTION =
      Question.of(Kind.volatileSingle(LOOK, Pairs::stripped));

  @Override
  public String title() {
    return "name servers";
  }

  @Override
  public Probes probes(Target.OnHost target) {
    return Probes.of(QUESTION);
  }

  @Override
  public List<Diagnosis> diagnoses(Target.OnHost target, Observations seen, Known known) {
    var answers = seen.of(QUESTION);
    if (answers.has("none")) {
      return List.of(
          Diagnosis.warning(
              "has no name server in /etc/resolv.conf: neither it nor a pod finds a name",
              "name one there, or in the configuration of its network"));
    }
    var found = new ArrayList<Diagnosis>();
    new TreeSet<>(answers.values().keySet())
        .forEach(server -> {
          var says = answers.first(server);
          if (says.equals("silent") || says.equals("refused")) {
            found.add(
                Diagnosis.warning(
                    "has a name server that does not answer: %s (%s)".formatted(server, says),
                    "take it out of /etc/resolv.conf or what writes that, or let the host reach its"
                        + " port 53"));
          }
        });
    return found;
  }
}
