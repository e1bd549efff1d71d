package io.provision.steps.doctor;

import io.provision.remote.ShellFunction;

/**
 * Listeners and who tries to reach them. They are written in Perl, whose small part (perl-base) is
 * on every Debian and Ubuntu: dpkg itself needs it.
 */
final class WayScripts {
  /**
   * {@code listen_for_peers SECONDS TOKEN ADDRESS PORT/PROTOCOL...}: says {@code open PORT}, {@code
   * busy PORT} where somebody listens there already, or {@code unusable PORT WHY}; and {@code pid
   * NUMBER} of the process that listens on from now on. It answers nobody who does not name the
   * token, and ends by itself after those seconds.
   */
  static final ShellFunction LISTEN =
      new ShellFunction(
          "listen_for_peers",
          """
          command -v perl >/dev/null || {
            echo 'without perl'
            return 0
          }
          perl -e '
            use strict;
            use Socket qw(:DEFAULT getaddrinfo AI_NUMERICHOST AI_NUMERICSERV);
            use Errno qw(EADDRINUSE);
            use POSIX ();
            my ($life, $token, $address, @ports) = @ARGV;
            my (%streams, %datagrams);
            for my $port (@ports) {
              my ($number, $protocol) = split m{/}, $port;
              my $stream = $protocol eq "tcp";
              my ($error, $at) = getaddrinfo($address, $number, { flags => AI_NUMERICHOST | AI_NUMERICSERV,
                socktype => $stream ? SOCK_STREAM : SOCK_DGRAM });
              if ($error || !$at) { print "unusable $port $error\\n"; next }
              my $socket;
              unless (socket($socket, $at->{family}, $at->{socktype}, $at->{protocol})) { print "unusable $port $!\\n"; next }
              setsockopt($socket, SOL_SOCKET, SO_REUSEADDR, pack("l", 1)) if $stream;
              unless (bind($socket, $at->{addr}) && (!$stream || listen($socket, 128))) {
                print $!{EADDRINUSE} ? "busy $port\\n" : "unusable $port $!\\n";
                next;
              }
              ($stream ? \\%streams : \\%datagrams)->{fileno $socket} = $socket;
              print "open $port\\n";
            }
            exit 0 unless %streams || %datagrams;
            $| = 1;
            my $pid = fork;
            if (!defined $pid) { print "unusable all $!\\n"; exit 0 }
            if ($pid) { print "pid $pid\\n"; exit 0 }
            POSIX::setsid();
            open(STDIN, "<", "/dev/null"); open(STDOUT, ">", "/dev/null"); open(STDERR, ">", "/dev/null");
            $SIG{ALRM} = sub { exit 0 }; $SIG{PIPE} = "IGNORE"; alarm $life;
            my $all = "";
            vec($all, $_, 1) = 1 for keys %streams, keys %datagrams;
            for (1 .. 1_000_000) {
              my $ready = $all;
              next if select($ready, undef, undef, undef) < 1;
              for my $number (keys %streams) {
                next unless vec($ready, $number, 1) && accept(my $peer, $streams{$number});
                syswrite $peer, "$token\\n";
                close $peer;
              }
              for my $number (keys %datagrams) {
                next unless vec($ready, $number, 1);
                my $from = recv($datagrams{$number}, my $text, 65535, 0);
                next unless defined $from && index($text, "$token ") == 0;
                send $datagrams{$number}, "$token " . length($text), 0, $from;
              }
            }' -- "$@" </dev/null 2>&1
          return 0\
          """);

  /**
   * {@code end_listener PID TOKEN}: of that token, and no other process that has the number now.
   */
  static final ShellFunction END =
      new ShellFunction(
          "end_listener",
          """
          case $1 in '' | *[!0-9]*) return 0 ;; esac
          tr '\\000' '\\n' <"/proc/$1/cmdline" 2>/dev/null | grep -qxF -e "$2" || return 0
          kill "$1"
          return 0\
          """);

  /**
   * {@code reach_peers SECONDS TOKEN OWN PEER...}, where PEER is {@code
   * ADDRESS,PORT/PROTOCOL,...,mtu=BYTES}, comes from the address OWN, and waits so long for each
   * hundred answers at most. It says {@code ADDRESS PORT/PROTOCOL STATE}: {@code reached}, {@code
   * refused} (somebody says no), {@code silent}, or {@code failed WHY}; and where packets of an MTU
   * were tried, {@code ADDRESS mtu BYTES LARGEST}: 0 where none was found to pass.
   */
  static final ShellFunction REACH =
      new ShellFunction(
          "reach_peers",
          """
          command -v perl >/dev/null || return 0
          perl -e '
            use strict;
            use Socket qw(:DEFAULT getaddrinfo AI_NUMERICHOST AI_NUMERICSERV);
            use Errno qw(EINPROGRESS ECONNREFUSED EAGAIN);
            use Fcntl;
            my ($seconds, $token, $own, @peers) = @ARGV;
            my (@ways, %mtu, %datagram);
            for my $peer (@peers) {
              my ($address, @words) = split /,/, $peer;
              for my $word (@words) {
                if ($word =~ /^mtu=([0-9]+)$/) { $mtu{$address} = $1; next }
                push @ways, [$address, $word];
              }
            }
            sub point {
              my ($address, $number, $type) = @_;
              my ($error, $at) = getaddrinfo($address, $number, { flags => AI_NUMERICHOST | AI_NUMERICSERV, socktype => $type });
              return $error ? undef : $at;
            }
            sub socket_to {
              my ($address, $port) = @_;
              my ($number, $protocol) = split m{/}, $port;
              my $type = $protocol eq "tcp" ? SOCK_STREAM : SOCK_DGRAM;
              my $to = point($address, $number, $type) or return;
              my $from = point($own, 0, $type) or return;
              socket(my $socket, $to->{family}, $type, $to->{protocol}) or return;
              bind($socket, $from->{addr}) or return;
              fcntl($socket, F_SETFL, fcntl($socket, F_GETFL, 0) | O_NONBLOCK);
              return ($socket, $to->{addr}, $protocol eq "tcp");
            }
            sub refused { return $!{ECONNREFUSED} ? "refused" : "failed $!" }
            for (0 .. @ways / 100) {
              my @some = splice @ways, 0, 100;
              my (%open, %state);
              for my $way (@some) {
                my ($socket, $to, $stream) = socket_to(@$way);
                if (!$socket) { $state{"@$way"} = "failed $!"; next }
                if (connect($socket, $to)) {
                  if ($stream) { $state{"@$way"} = "reached"; next }
                } elsif (!$!{EINPROGRESS}) { $state{"@$way"} = refused(); next }
                $open{fileno $socket} = [$socket, $stream, "@$way", $way];
              }
              for my $turn (1 .. 5 * $seconds) {
                last unless %open;
                my ($readable, $writable) = ("", "");
                for my $number (keys %open) {
                  my ($socket, $stream) = @{$open{$number}};
                  if ($stream) { vec($writable, $number, 1) = 1; next }
                  vec($readable, $number, 1) = 1;
                  send($socket, "$token small", 0) if $turn % 3 == 1;
                }
                my $until = 0;
                my $ready = select($readable, $writable, undef, 0.2);
                next if $ready < 1;
                for my $number (keys %open) {
                  my ($socket, $stream, $name, $way) = @{$open{$number}};
                  if ($stream && vec($writable, $number, 1)) {
                    $! = unpack "i", getsockopt($socket, SOL_SOCKET, SO_ERROR);
                    $state{$name} = $! == 0 ? "reached" : refused();
                  } elsif (!$stream && vec($readable, $number, 1)) {
                    my $from = recv($socket, my $text, 200, 0);
                    next if !defined $from && $!{EAGAIN};
                    if (!defined $from) { $state{$name} = refused() }
                    elsif (index($text, $token) == 0) { $state{$name} = "reached"; $datagram{$way->[0]} = $way->[1] }
                    else { next }
                  } else { next }
                  delete $open{$number};
                }
              }
              print "$_->[0] $_->[1] ", $state{"@$_"} || "silent", "\\n" for @some;
            }
            sub passes {
              my ($address, $bytes) = @_;
              my ($socket, $to) = socket_to($address, $datagram{$address});
              return 0 unless $socket && connect($socket, $to);
              my $six = $address =~ /:/;
              # Linux: IP_MTU_DISCOVER and IPV6_MTU_DISCOVER, *_PMTUDISC_PROBE: whole, and whatever was learnt of the way
              setsockopt($socket, $six ? 41 : 0, $six ? 23 : 10, pack("i", 3));
              my $text = "$token ";
              $text .= "x" x ($bytes - ($six ? 48 : 28) - length $text);
              for (1 .. 3) {
                send($socket, $text, 0);
                my $readable = "";
                vec($readable, fileno $socket, 1) = 1;
                next if select($readable, undef, undef, 0.3) < 1;
                my $from = recv($socket, my $said, 200, 0);
                return 1 if defined $from && $said eq "$token " . length $text;
              }
              return 0;
            }
            my $searched = 0;
            for my $address (sort keys %datagram) {
              my $whole = $mtu{$address} or next;
              my $largest = $whole;
              if (!passes($address, $whole)) {
                $largest = 0;
                if ($searched++ < 3) {
                  my ($low, $high) = (576, $whole);
                  for (1 .. 20) {
                    last if $high - $low < 2;
                    my $middle = int(($low + $high) / 2);
                    if (passes($address, $middle)) { $low = $middle } else { $high = $middle }
                  }
                  $largest = $low if $low > 576;
                }
              }
              print "$address mtu $whole $largest\\n";
            }' -- "$@" </dev/null 2>&1
          return 0\
          """);

  private WayScripts() {}
}
